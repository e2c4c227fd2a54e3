// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hook: the receive handler of every port. It must not know what becomes of
 * a frame.
 */
#include "hook.h"
#include "drop.h"
#include "hit.h"
#include "pipeline.h"

/* There is no memory for a frame of our own. */
static noinline void lose(struct vnet_port *port)
{
	vnet_drop(&(struct vnet_pkt) { .port = port }, VNET_DROP_COPY_FAILED);
}

/*
 * Within itself, when an interface hands frames straight back, nothing is known: the
 * outer frame is still at hand.
 */
static void receive(struct vnet_port *port, struct sk_buff *skb)
{
	struct vnet_recall *recall = NULL;

	if (likely(!__this_cpu_read(vnet_pipeline_depth)))
		recall = this_cpu_ptr(&vnet_recall_cpu);
	__this_cpu_inc(vnet_pipeline_depth);
	if (unlikely(!recall) || unlikely(!vnet_hit(recall, port, skb)))
		vnet_pipeline_receive(port, skb, recall);
	__this_cpu_dec(vnet_pipeline_depth);
}

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
		receive(port, skb);
	else
		lose(port);
	return RX_HANDLER_CONSUMED;
}
