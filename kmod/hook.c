// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook: the receive handler of every port. It must not know what becomes of
 * a frame.
 */
#include "hook.h"
#include "drop.h"
#include "pipeline.h"

/**
 * vnet_hook - take every frame that an attached interface receives
 * @pskb: the frame
 *
 * What the host sends to itself (PACKET_LOOPBACK) is no frame of the workload
 * and stays with the host.
 *
 * Context: RCU read side, bottom halves off.
 * Return: %RX_HANDLER_PASS for such a frame, else %RX_HANDLER_CONSUMED.
 */
rx_handler_result_t vnet_hook(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vnet_port *port;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	port = rcu_dereference(skb->dev->rx_handler_data);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (likely(skb))
		vnet_pipeline_receive(port, skb);
	else
		vnet_drop(&(struct vnet_pkt) { .port = port },
			  VNET_DROP_COPY_FAILED);
	return RX_HANDLER_CONSUMED;
}
