/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * vnet: the generic-netlink contract between the kernel module and every
 * program that configures or watches it. It owns all names, numbers and limits
 * that both sides must agree on, and nothing else.
 *
 * RULES THAT HOLD FOR EVERY COMMAND
 *
 * Who may call: a process with CAP_NET_ADMIN in the initial user namespace,
 * reads included. Everybody else gets EPERM, from generic netlink itself and
 * thus without a sentence. State belongs to the network namespace of the
 * socket; interfaces are named as that namespace sees them.
 *
 * Request and reply have the same command number. ADD and SET answer with the
 * object as it is now, so NLM_F_ECHO needs nothing more; DEL answers with the
 * acknowledgment only. GET without NLM_F_DUMP answers with one object, with
 * NLM_F_DUMP with all that match the filter attributes given in the request.
 *
 * ADD of an object that exists with the same values succeeds and changes
 * nothing (the reply carries VNET_A_UNCHANGED); with other values: EEXIST.
 * SET, DEL and GET of an absent object: ENOENT. An attribute that is not given
 * is left as it is by SET and gets its default from ADD.
 *
 * Every refusal of the switch carries an extended-acknowledgment sentence and,
 * where one attribute is at fault, points at it. A refused request has changed
 * nothing. What every command may answer is not repeated below:
 *
 *   EPERM	the caller may not
 *   EINVAL	an attribute is missing, malformed, unknown to the command or
 *		the wrong one of a pair: a GET of one object takes no filter of
 *		a dump, a dump no name of one object; a tag needs an interface
 *   ERANGE	a number, name or address is outside of what its attribute takes
 *   ENOENT	the network that is named does not exist; an interface that is
 *		named is not attached, or has no such member
 *   ENODEV	the interface that is named does not exist
 *   ENOMEM	there is no memory
 *
 * A dump carries VNET_A_GENERATION, the configuration generation of the
 * namespace. When the configuration changes between two parts of a dump, the
 * rest of the parts carry NLM_F_DUMP_INTR: repeat the dump. Dumps resume by
 * id, so what is not touched meanwhile is reported exactly once.
 *
 * Notifications go to the multicast groups "config" (networks, ports, members,
 * rules, sets, classes, limits) and "fdb" (addresses), as VNET_CMD_*_NTF with
 * VNET_A_EVENT and the object's attributes, without counters. Joining needs
 * CAP_NET_ADMIN. A listener that is too slow gets ENOBUFS and must dump again.
 * What rules with VNET_A_RULE_LOG or VNET_A_RULE_SAMPLE tell about frames goes to
 * the group "log", as VNET_CMD_RULE_LOG_NTF.
 *
 * Attributes of every set: the numbers 1 to VNET_A_COMMON_MAX mean the same in
 * each of them; those of the object follow. Numbers are in host byte order but
 * for addresses, which are bytes as on the wire.
 *
 * "Ingress" and "egress" are always the workload's: egress is what a member
 * sends into the switch, ingress what the switch delivers to it.
 */
#ifndef _UAPI_LINUX_VNET_H
#define _UAPI_LINUX_VNET_H

#include <linux/types.h>

#define VNET_GENL_NAME		"vnet"
#define VNET_GENL_VERSION	1
#define VNET_MCGRP_CONFIG	"config"
#define VNET_MCGRP_FDB		"fdb"
#define VNET_MCGRP_LOG		"log"

/* Names have 1 to 31 characters of A-Z a-z 0-9 _ . - and are unique in their
 * scope: networks in the namespace, rules, sets and classes in their network.
 */
#define VNET_NAME_MAX		31

/* The root of each network's class tree always exists under this name. */
#define VNET_CLASS_ROOT		"root"

/* What verdicts of the default policies are told as; no rule can have these names. */
#define VNET_RULE_DEFAULT_INGRESS	"default-ingress"
#define VNET_RULE_DEFAULT_EGRESS	"default-egress"

#define VNET_HELPER_MAX		15	/* characters of a helper's name */
#define VNET_PASSED_MAX		256	/* names of rules in an answer of RULE_TEST */

#define VNET_VNI_MAX		16777215	/* 24 bits; 0 means none */
#define VNET_VID_MIN		1
#define VNET_VID_MAX		4094

/* Hard maxima and defaults of what an operator may limit. */
#define VNET_NETWORKS_MAX		4096	/* per namespace */
#define VNET_MEMBERS_MAX		65536	/* per network */
#define VNET_MEMBERS_DEFAULT		1024
#define VNET_MACS_MAX			4194304	/* per network and per member */
#define VNET_MACS_DEFAULT		65536	/* per network */
#define VNET_MEMBER_MACS_DEFAULT	16384	/* per member */
#define VNET_RULES_MAX			131072	/* per network */
#define VNET_RULES_DEFAULT		1024
#define VNET_SETS_MAX			4096	/* per network */
#define VNET_SETS_DEFAULT		64
#define VNET_ELEMENTS_MAX		16777216 /* per network, of all its sets */
#define VNET_ELEMENTS_DEFAULT		65536
#define VNET_SET_ELEMENTS_MAX		1000000	/* per set */
#define VNET_CONNECTIONS_MAX		16777216 /* per network and per member */
#define VNET_CONNECTIONS_DEFAULT	65536	/* per network */
#define VNET_MEMBER_CONNECTIONS_DEFAULT	16384	/* per member */
#define VNET_PACKET_RATE_MAX		100000000 /* packets/s, per network and per member */
#define VNET_CLASSES_MAX		16384	/* per network, root included */
#define VNET_CLASSES_DEFAULT		64
#define VNET_CLASS_DEPTH_MAX		8	/* levels, root included */
#define VNET_CLASS_PRIO_MAX		7	/* 0 is served first */
#define VNET_QUEUE_MAX			1073741824 /* bytes, per network and direction */
#define VNET_QUEUE_DEFAULT		16777216
#define VNET_CLASS_QUEUE_MAX		268435456 /* bytes, per class and direction */
#define VNET_CLASS_QUEUE_DEFAULT	262144
#define VNET_DELAY_MAX			60000	/* milliseconds that a class may let wait */
#define VNET_DELAY_TARGET_DEFAULT	4
#define VNET_DELAY_LIMIT_DEFAULT	1000
#define VNET_OVERHEAD_MAX		1024	/* bytes per frame */
#define VNET_BURST_MIN			1514	/* bytes */
#define VNET_BURST_MAX			268435456
#define VNET_RATE_MIN			1ULL	/* bit/s */
#define VNET_RATE_MAX			1000000000000ULL
#define VNET_CAPACITY_LINK		(1ULL << 63)	/* instead of bit/s: the link's speed */
#define VNET_WEIGHT_MIN			1
#define VNET_WEIGHT_MAX			1000000
#define VNET_OVERCOMMIT_DEFAULT		100	/* percent of an uplink's capacity */
#define VNET_OVERCOMMIT_MAX		10000
#define VNET_AGEING_MIN			100	/* milliseconds; 0 means never */
#define VNET_AGEING_MAX			86400000
#define VNET_AGEING_DEFAULT		300000
#define VNET_GUARD_ADDRESSES_MAX	256	/* per member: MACs; prefixes, both families */
#define VNET_PRIORITY_MAX		65535	/* of a rule; smaller decides first */
#define VNET_REJECT_RATE_MAX		1000000	/* answers/s, per network */
#define VNET_REJECT_RATE_DEFAULT	1000
#define VNET_EXPIRES_MAX		315360000 /* seconds, of a rule: 10 years */
#define VNET_LOG_RATE_MAX		1000000	/* messages/s, per network */
#define VNET_LOG_RATE_DEFAULT		1000
#define VNET_LOG_FRAME_MAX		128	/* bytes of a frame that are told */

/**
 * enum vnet_cmd - commands and notifications
 *
 * Attributes are listed as "required; optional".
 *
 * @VNET_CMD_INFO_GET: what this module is. None; none. Reply: VNET_A_INFO_*.
 * @VNET_CMD_FLUSH: detach every port and delete every network of the
 *	namespace. None; %VNET_A_KEEP_UP. Notifies as the single deletions do.
 *
 * @VNET_CMD_NETWORK_ADD: create a network. %VNET_A_NETWORK; the settable
 *	VNET_A_NET_*. It is created down unless VNET_A_NET_UP says 1.
 *	Errors: EEXIST (the name exists with other settings, or the VNI is in
 *	use), ENOSPC (VNET_NETWORKS_MAX).
 * @VNET_CMD_NETWORK_SET: change it. %VNET_A_NETWORK; the settable VNET_A_NET_*.
 *	What is held stays held when max-queue falls. Errors: EEXIST (the VNI is
 *	in use), ENOSPC (a limit would fall below the members, addresses, rules,
 *	sets, elements or classes in use).
 * @VNET_CMD_NETWORK_DEL: delete it with its members, addresses, rules, sets and
 *	classes; its ports stay attached. %VNET_A_NETWORK; none.
 * @VNET_CMD_NETWORK_GET: one or all. Filter: %VNET_A_NETWORK,
 *	VNET_A_NET_TENANT, %VNET_A_WITH_STATS.
 * @VNET_CMD_NETWORK_NTF: notification.
 *
 * @VNET_CMD_PORT_ADD: attach an interface. %VNET_A_IFINDEX or %VNET_A_IFNAME;
 *	VNET_A_PORT_ROLE, VNET_A_PORT_FORCE, %VNET_A_NETWORK (also make the
 *	untagged member of that network, all or nothing).
 *	Errors: EEXIST (attached with another role, or its untagged member is
 *	none or another network's), EBUSY (owned by somebody else, VLAN devices
 *	on top, default route without force), EOPNOTSUPP (loopback, not
 *	Ethernet, the driver forbids that it is switched), ENOSPC (max-members
 *	of the network), ENODEV (also one that is going, or a module that is),
 *	EOVERFLOW and what else a driver says to promiscuous mode.
 * @VNET_CMD_PORT_SET: change the role or the capacity. Interface; VNET_A_PORT_ROLE,
 *	VNET_A_PORT_CAPACITY, VNET_A_PORT_OVERCOMMIT. Errors: EDQUOT (the guarantees
 *	of its networks are more than may be promised).
 * @VNET_CMD_PORT_DEL: detach with all its members. Interface; %VNET_A_KEEP_UP.
 *	A guest port is set down first, so that no frame of the workload reaches
 *	the host, unless %VNET_A_KEEP_UP is given.
 * @VNET_CMD_PORT_GET: one or all. Filter: interface, %VNET_A_WITH_STATS.
 * @VNET_CMD_PORT_NTF: notification.
 *
 * @VNET_CMD_MEMBER_ADD: bind (port, tag) to a network. %VNET_A_NETWORK,
 *	interface; tag, the settable VNET_A_MEMBER_*. Errors: ENODEV (also not
 *	attached), EEXIST (that tag of the port belongs to another network, or
 *	to this one with other settings), ENOSPC (max-members), ENOENT (also no
 *	such class), E2BIG (a guard list has more than
 *	VNET_GUARD_ADDRESSES_MAX entries).
 * @VNET_CMD_MEMBER_SET: change it. Interface; tag, VNET_A_MEMBER_*. The guard
 *	lists are replaced as a whole; an empty nest removes the list. Errors:
 *	ENOENT (also no such class), ENOSPC (its max-macs would fall below its
 *	addresses), E2BIG (as above).
 * @VNET_CMD_MEMBER_DEL: unbind. Interface; tag. Its addresses are forgotten,
 *	its held frames dropped.
 * @VNET_CMD_MEMBER_GET: one or all. One: interface, tag. Filter of a dump:
 *	%VNET_A_NETWORK, interface, %VNET_A_WITH_STATS.
 * @VNET_CMD_MEMBER_NTF: notification.
 *
 * @VNET_CMD_FDB_ADD: set an address. %VNET_A_NETWORK, interface,
 *	VNET_A_FDB_MAC; tag, VNET_A_FDB_KIND (default static). Replaces a
 *	learned entry; one that was set has to be deleted first. Errors: EEXIST
 *	(set for another member, or as another kind), ENOSPC (max-macs of the
 *	network or the member, and no learned address can make room), ENOENT
 *	(also a member of another network), EINVAL (also not a unicast address),
 *	EBUSY (the table is growing: try again).
 * @VNET_CMD_FDB_DEL: forget an address. %VNET_A_NETWORK, VNET_A_FDB_MAC.
 * @VNET_CMD_FDB_GET: one or all. One: %VNET_A_NETWORK, VNET_A_FDB_MAC. Filter
 *	of a dump: %VNET_A_NETWORK, interface and tag, VNET_A_FDB_KIND.
 * @VNET_CMD_FDB_FLUSH: forget the learned addresses of a network.
 *	%VNET_A_NETWORK; interface and tag (of that member only),
 *	VNET_A_FDB_ALL (static and sticky ones too).
 * @VNET_CMD_FDB_NTF: notification.
 *
 * @VNET_CMD_RULE_ADD: add a rule. %VNET_A_NETWORK, VNET_A_RULE_NAME,
 *	VNET_A_RULE_PRIORITY, VNET_A_RULE_DIRECTION, VNET_A_RULE_ACTION; the
 *	other settable VNET_A_RULE_*. Among equal priorities it comes last. One
 *	that expires begins its time again when it is added as it is, and is not
 *	%VNET_A_UNCHANGED then. Errors: EEXIST (with another body), ENOSPC
 *	(max-rules, or no conntrack zone is left), ENOENT (also a member of another
 *	network, or no such set, class or helper), EINVAL (also fields that cannot occur
 *	together, a set of another type, and a class or a set-dscp of a rule that
 *	does not allow), E2BIG (too many rules overlap, so that a frame would take
 *	too long; precise ones never do). Rules in audit are counted by themselves
 *	there.
 * @VNET_CMD_RULE_SET: replace the body of a rule. As RULE_ADD; its counters
 *	start again if the body changed. Errors: those of RULE_ADD but for
 *	EEXIST and ENOSPC; ENOENT (also no such rule).
 * @VNET_CMD_RULE_PROMOTE: enforce what is in audit. %VNET_A_NETWORK;
 *	VNET_A_RULE_NAME (that rule only; without it all rules of the network, at
 *	one instant, all or none). A rule keeps its place and the time that it has
 *	left; its counters start again. The reply is that of RULE_GET, or, without
 *	a name, has VNET_A_RULE_COUNT: how many there were. All are told as one
 *	%VNET_EVENT_LOADED. Errors: ENOENT (also no such rule), E2BIG (as for
 *	RULE_ADD).
 * @VNET_CMD_RULE_RECHECK: have each connection of a network judged again at its
 *	next frame, as the rules would now judge the frame that began it; one that
 *	they would not let begin ends. %VNET_A_NETWORK. The reply has
 *	%VNET_A_UNCHANGED if no rule asks for the state of connections.
 * @VNET_CMD_RULE_DEL: remove it. %VNET_A_NETWORK, VNET_A_RULE_NAME.
 * @VNET_CMD_RULE_GET: one or all. One: %VNET_A_NETWORK, VNET_A_RULE_NAME.
 *	Filter of a dump: %VNET_A_NETWORK, VNET_A_RULE_DIRECTION,
 *	%VNET_A_WITH_STATS. Within a network in the order of evaluation.
 * @VNET_CMD_RULE_LOAD: replace all rules of a network at once.
 *	%VNET_A_NETWORK; any number of VNET_A_RULE_ENTRY, each a nest with what
 *	RULE_ADD needs but the network. No frame sees a mixture of old and new;
 *	on any error the old set stays. Rules whose name and body are unchanged
 *	keep their counters, but begin their time again. Among equal priorities the
 *	one that was given first decides. The reply carries VNET_A_RULE_COUNT. Errors: EEXIST
 *	(two rules of the set have one name), ENOSPC (more than max-rules; points
 *	at the first that is too many), those of RULE_ADD for a single rule,
 *	which they point into.
 * @VNET_CMD_RULE_TEST: ask the rules in force what they would do with a frame;
 *	nothing is counted, and nothing but rules and default policies is asked.
 *	%VNET_A_NETWORK, VNET_A_RULE_DIRECTION; interface and tag (the sender for
 *	egress, the receiver for ingress; without them the frame is that of no
 *	member), and what the frame has: SRC_MAC and DST_MAC (zero by default),
 *	ETHERTYPE (implied by addresses), SRC_IP, DST_IP, PROTO, SRC_PORT_MIN,
 *	DST_PORT_MIN, ICMP_TYPE (an echo request by default), ICMP_CODE (0),
 *	TCP_FLAGS (SYN), FRAGMENT (NONE), DSCP (0), STATE (one, NEW by default),
 *	PCP (without it the frame has no tag, but what a tagged member sends has
 *	priority 0), ARP_SENDER, TARGET (:: by default, of ICMPv6 types that have
 *	one). The reply has VNET_A_RULE_DIRECTION and VNET_A_RULE_ACTION, and
 *	VNET_A_RULE_NAME and VNET_A_RULE_PRIORITY of the rule that decides; without
 *	a name the default policy does. VNET_A_RULE_COUNT and VNET_A_RULE_PASSED tell
 *	of the rules that come before and do not match. Errors: EINVAL (also a frame
 *	that cannot be, and one that lacks addresses, protocol or ports that such
 *	frames have).
 * @VNET_CMD_RULE_NTF: notification. A rule that expires is told as any that is
 *	removed.
 * @VNET_CMD_RULE_LOG_NTF: what a rule said about a frame: %VNET_A_NETWORK,
 *	interface and tag of the member (egress: the sender, ingress: the receiver),
 *	VNET_A_LOG_*. To the group "log" only. A flooded frame is told once for each
 *	target whose ingress rules it meets, and a frame that a class held while
 *	rules changed once more, as it is judged again. No more than
 *	VNET_A_NET_LOG_RATE of them are sent in a second.
 *
 * @VNET_CMD_SET_ADD: add a set, which is empty. %VNET_A_NETWORK,
 *	VNET_A_SET_NAME, VNET_A_SET_TYPE. Errors: EEXIST (with another type),
 *	ENOSPC (max-sets).
 * @VNET_CMD_SET_DEL: remove it with its elements. %VNET_A_NETWORK,
 *	VNET_A_SET_NAME. Errors: EBUSY (rules use it).
 * @VNET_CMD_SET_GET: one or all. One: %VNET_A_NETWORK, VNET_A_SET_NAME. Filter
 *	of a dump: %VNET_A_NETWORK, VNET_A_SET_TYPE.
 * @VNET_CMD_SET_REPLACE: replace all elements of a set. %VNET_A_NETWORK,
 *	VNET_A_SET_NAME; any number of VNET_A_SET_ELEMENT. No frame sees a
 *	mixture of old and new; on any error the old elements stay. The reply is
 *	that of SET_GET. Errors: those of SET_ELEMENT_ADD.
 * @VNET_CMD_SET_NTF: notification. A change of elements is told once for each
 *	request, as VNET_EVENT_CHANGED with their number; so is a member that leaves
 *	a set because it is deleted.
 * @VNET_CMD_SET_ELEMENT_ADD: add elements, all or none of them; those that are
 *	there already stay. %VNET_A_NETWORK, VNET_A_SET_NAME, VNET_A_SET_ELEMENT,
 *	which may repeat. The reply is that of SET_GET, with %VNET_A_UNCHANGED
 *	if all were there. Errors: ENOSPC (max-set-elements of the network),
 *	E2BIG (VNET_SET_ELEMENTS_MAX), EINVAL (also an element that is not of the
 *	set's type), ENOENT (also a member of another network).
 * @VNET_CMD_SET_ELEMENT_DEL: remove elements, all or none of them.
 *	%VNET_A_NETWORK, VNET_A_SET_NAME, VNET_A_SET_ELEMENT, which may repeat;
 *	each just as it was added: a part of a prefix or a range is no element.
 *	The reply is that of SET_GET. Errors: ENOENT (also no such element),
 *	EINVAL (as above).
 * @VNET_CMD_SET_ELEMENT_GET: one or all. One: %VNET_A_NETWORK, VNET_A_SET_NAME,
 *	the attributes of the element. Filter of a dump: %VNET_A_NETWORK,
 *	VNET_A_SET_NAME (with the network only). Told are the network, the set
 *	and the element. Each set is told as it was at one instant, whatever
 *	changes meanwhile.
 *
 * @VNET_CMD_CLASS_ADD: add a class. %VNET_A_NETWORK, VNET_A_CLASS_NAME,
 *	VNET_A_CLASS_RATE; the other settable VNET_A_CLASS_*. A class shapes each
 *	direction by itself, like the two directions of a cable. Errors: EEXIST
 *	(with other values), ENOSPC (max-classes), E2BIG (more than
 *	VNET_CLASS_DEPTH_MAX levels), ENOENT (also no such parent), ERANGE (also
 *	a ceil below the rate, or no rate), EDQUOT (the rates of the parent's
 *	children would add up to more than its rate; of a root without a rate, its
 *	ceil).
 * @VNET_CMD_CLASS_SET: change it. %VNET_A_NETWORK, VNET_A_CLASS_NAME; the
 *	settable VNET_A_CLASS_*. The root has no parent, but a rate of 0, which
 *	takes the ceil away too, or a ceil without a rate. With another parent it
 *	moves there with all classes below it; what they hold stays held. Errors:
 *	EINVAL (also a parent of the root, the overhead of another class),
 *	ENOENT (also no such parent), ELOOP (the parent is the class itself or below
 *	it), E2BIG (more than VNET_CLASS_DEPTH_MAX levels), ERANGE and EDQUOT (as
 *	above; of the root also: an uplink cannot guarantee the rate).
 * @VNET_CMD_CLASS_DEL: remove it. %VNET_A_NETWORK, VNET_A_CLASS_NAME. Errors:
 *	EBUSY (the root, or it has children, members or rules).
 * @VNET_CMD_CLASS_GET: one or all. One: %VNET_A_NETWORK, VNET_A_CLASS_NAME.
 *	Filter of a dump: %VNET_A_NETWORK, %VNET_A_WITH_STATS.
 * @VNET_CMD_CLASS_NTF: notification.
 *
 * @VNET_CMD_SHARE_GET: what networks may have of ports with a capacity. One:
 *	%VNET_A_NETWORK, interface. Filter of a dump: both, %VNET_A_WITH_STATS. A
 *	share exists as long as the network has a member on the port; what it may
 *	have is that of the network's root class. Errors: ENOENT (also no share).
 *
 * @VNET_CMD_LIMIT_NTF: a limit was reached; sent once until usage has fallen
 *	well below it: below 7/8 of max-macs, to half of a queue, to a flood, reject
 *	or packet rate whose burst is whole again. VNET_A_LIMIT_*, %VNET_A_NETWORK and
 *	the member's interface and tag where the limit is a member's.
 */
enum vnet_cmd {
	VNET_CMD_INFO_GET = 1,
	VNET_CMD_FLUSH,
	VNET_CMD_NETWORK_ADD,
	VNET_CMD_NETWORK_SET,
	VNET_CMD_NETWORK_DEL,
	VNET_CMD_NETWORK_GET,
	VNET_CMD_NETWORK_NTF,
	VNET_CMD_PORT_ADD,
	VNET_CMD_PORT_SET,
	VNET_CMD_PORT_DEL,
	VNET_CMD_PORT_GET,
	VNET_CMD_PORT_NTF,
	VNET_CMD_MEMBER_ADD,
	VNET_CMD_MEMBER_SET,
	VNET_CMD_MEMBER_DEL,
	VNET_CMD_MEMBER_GET,
	VNET_CMD_MEMBER_NTF,
	VNET_CMD_FDB_ADD,
	VNET_CMD_FDB_DEL,
	VNET_CMD_FDB_GET,
	VNET_CMD_FDB_FLUSH,
	VNET_CMD_FDB_NTF,
	VNET_CMD_RULE_ADD,
	VNET_CMD_RULE_SET,
	VNET_CMD_RULE_PROMOTE,
	VNET_CMD_RULE_RECHECK,
	VNET_CMD_RULE_DEL,
	VNET_CMD_RULE_GET,
	VNET_CMD_RULE_LOAD,
	VNET_CMD_RULE_TEST,
	VNET_CMD_RULE_NTF,
	VNET_CMD_RULE_LOG_NTF,
	VNET_CMD_SET_ADD,
	VNET_CMD_SET_DEL,
	VNET_CMD_SET_GET,
	VNET_CMD_SET_REPLACE,
	VNET_CMD_SET_NTF,
	VNET_CMD_SET_ELEMENT_ADD,
	VNET_CMD_SET_ELEMENT_DEL,
	VNET_CMD_SET_ELEMENT_GET,
	VNET_CMD_CLASS_ADD,
	VNET_CMD_CLASS_SET,
	VNET_CMD_CLASS_DEL,
	VNET_CMD_CLASS_GET,
	VNET_CMD_CLASS_NTF,
	VNET_CMD_SHARE_GET,
	VNET_CMD_LIMIT_NTF,

	__VNET_CMD_MAX,
	VNET_CMD_MAX = __VNET_CMD_MAX - 1
};

/**
 * enum vnet_attr - attributes that every set begins with
 * @VNET_A_NETWORK: string, name of the network
 * @VNET_A_IFINDEX: u32, interface of the port
 * @VNET_A_IFNAME: string, the same by name; if both are given they must agree
 * @VNET_A_TAG_PROTO: u16, 0x8100 (802.1Q, the default) or 0x88a8 (802.1ad)
 * @VNET_A_VID: u16, 1..4094, the (outer) VLAN; absent means untagged
 * @VNET_A_CVID: u16, 1..4094, the inner 802.1Q VLAN; only with 0x88a8
 * @VNET_A_EVENT: u8, enum vnet_event, in notifications
 * @VNET_A_GENERATION: u32, configuration generation, in replies
 * @VNET_A_UNCHANGED: flag, in a reply: the object was like this already
 * @VNET_A_WITH_STATS: flag, in a GET: answer with counters too
 * @VNET_A_KEEP_UP: flag, leave a detached guest port up
 * @VNET_A_PAD: padding before 64-bit values
 */
enum vnet_attr {
	VNET_A_NETWORK = 1,
	VNET_A_IFINDEX,
	VNET_A_IFNAME,
	VNET_A_TAG_PROTO,
	VNET_A_VID,
	VNET_A_CVID,
	VNET_A_EVENT,
	VNET_A_GENERATION,
	VNET_A_UNCHANGED,
	VNET_A_WITH_STATS,
	VNET_A_KEEP_UP,
	VNET_A_PAD,

	__VNET_A_COMMON_MAX,
	VNET_A_COMMON_MAX = __VNET_A_COMMON_MAX - 1
};

/**
 * enum vnet_event - what a notification tells
 * @VNET_EVENT_ADDED: the object is new
 * @VNET_EVENT_CHANGED: its settings changed; an address moved
 * @VNET_EVENT_REMOVED: it is gone; only its identity is told
 * @VNET_EVENT_LOADED: the rules of a network were replaced, or all that were in
 *	audit are enforced (RULE_NTF only)
 */
enum vnet_event {
	VNET_EVENT_ADDED = 1,
	VNET_EVENT_CHANGED,
	VNET_EVENT_REMOVED,
	VNET_EVENT_LOADED,

	__VNET_EVENT_MAX,
	VNET_EVENT_MAX = __VNET_EVENT_MAX - 1
};

/**
 * enum vnet_direction - as the workload behind the member sees it
 * @VNET_DIR_INGRESS: from the switch to the member
 * @VNET_DIR_EGRESS: from the member into the switch
 */
enum vnet_direction {
	VNET_DIR_INGRESS = 1,
	VNET_DIR_EGRESS,

	__VNET_DIR_MAX,
	VNET_DIR_MAX = __VNET_DIR_MAX - 1
};

/**
 * enum vnet_action - what a rule or a default policy does
 * @VNET_ACTION_ALLOW: the frame goes on
 * @VNET_ACTION_DROP: the frame is dropped and counted
 * @VNET_ACTION_REJECT: as DROP, and the member that sent the frame gets an answer:
 *	a TCP reset, or ICMP (type 3, code 13) or ICMPv6 (type 1, code 1) "prohibited
 *	by administration". It comes from the address that the frame was for, goes to
 *	that member only, and asks no rule, guard or class. Not answered are: what is
 *	neither IPv4 nor IPv6; TCP resets, ICMP errors and redirects; multicast and
 *	broadcast, as source or destination; fragments, but for the first one of what
 *	is not TCP; headers that are cut or have a wrong checksum; a frame that was
 *	flooded, by the rules of those that got a copy; and what exceeds the network's
 *	%VNET_A_NET_REJECT_RATE
 */
enum vnet_action {
	VNET_ACTION_ALLOW = 1,
	VNET_ACTION_DROP,
	VNET_ACTION_REJECT,

	__VNET_ACTION_MAX,
	VNET_ACTION_MAX = __VNET_ACTION_MAX - 1
};

/**
 * enum vnet_attr_info - VNET_CMD_INFO_GET
 * @VNET_A_INFO_VERSION: string, version of the module
 * @VNET_A_INFO_NETWORKS: u32, networks in this namespace
 * @VNET_A_INFO_PORTS: u32, attached ports
 * @VNET_A_INFO_MEMBERS: u32, members of all networks
 * @VNET_A_INFO_DROP_REASONS: u32, number of drop reasons the module knows
 */
enum vnet_attr_info {
	VNET_A_INFO_VERSION = VNET_A_COMMON_MAX + 1,
	VNET_A_INFO_NETWORKS,
	VNET_A_INFO_PORTS,
	VNET_A_INFO_MEMBERS,
	VNET_A_INFO_DROP_REASONS,

	__VNET_A_INFO_MAX,
	VNET_A_INFO_MAX = __VNET_A_INFO_MAX - 1
};

/**
 * enum vnet_attr_net - a network
 *
 * Settable:
 * @VNET_A_NET_VNI: u32, 1..VNET_VNI_MAX, unique in the namespace; 0 = none
 * @VNET_A_NET_TENANT: string, a label for people and filters; "" removes it
 * @VNET_A_NET_UP: u8, 1 forwards, 0 drops everything (network_down)
 * @VNET_A_NET_POLICY_INGRESS: u8, enum vnet_action, when no rule decides
 * @VNET_A_NET_POLICY_EGRESS: u8, likewise; both are allow by default
 * @VNET_A_NET_AGEING: u32, milliseconds until an unused address is forgotten
 * @VNET_A_NET_MAX_MEMBERS: u32
 * @VNET_A_NET_MAX_MACS: u32
 * @VNET_A_NET_MAX_RULES: u32
 * @VNET_A_NET_MAX_CLASSES: u32, root included
 * @VNET_A_NET_MAX_QUEUE: u32, bytes held per direction in all classes together
 * @VNET_A_NET_MAX_SETS: u32
 * @VNET_A_NET_MAX_SET_ELEMENTS: u32, elements of all sets together
 * @VNET_A_NET_MAX_CONNECTIONS: u32, connections that are kept in mind while a rule asks
 *	for the state of connections. Those of all networks of the host together should
 *	stay below nf_conntrack_max
 * @VNET_A_NET_CONNECTION_RATE: u32, new connections per second; 0 = any
 * @VNET_A_NET_REJECT_RATE: u32, answers/s to rejected frames,
 *	0..VNET_REJECT_RATE_MAX; 0 = none. 50 ms of it, or 16 answers, may come at once
 * @VNET_A_NET_AUDIT_INGRESS: u8, 1 = ingress is in audit: rules and policy say what
 *	they would do, and are counted for it, but what they would drop passes. So
 *	do frames whose headers make no sense to rules. Default 0
 * @VNET_A_NET_AUDIT_EGRESS: u8, likewise egress
 * @VNET_A_NET_LOG_RATE: u32, 1..VNET_LOG_RATE_MAX, most messages/s in the group
 *	"log"; default VNET_LOG_RATE_DEFAULT. A tenth of it may come at once
 * @VNET_A_NET_PACKET_RATE_INGRESS: u32, packets/s that all its members together may get,
 *	0..VNET_PACKET_RATE_MAX; 0 = any. 50 ms of it, or 16 packets, may come at once.
 *	A large frame counts as the packets that it will be cut into, a flooded one once
 *	for each target. What ingress rules drop does not count, nor do answers to
 *	rejected frames
 * @VNET_A_NET_PACKET_RATE_EGRESS: u32, likewise, what they may send. It is asked before
 *	guards and rules, so what these would drop counts too
 *
 * Told:
 * @VNET_A_NET_ID: u32, small dense id
 * @VNET_A_NET_MEMBERS: u32, in use now
 * @VNET_A_NET_MACS: u32
 * @VNET_A_NET_RULES: u32
 * @VNET_A_NET_CLASSES: u32
 * @VNET_A_NET_SETS: u32
 * @VNET_A_NET_SET_ELEMENTS: u32
 * @VNET_A_NET_RULES_GENERATION: u32, goes up with every change of the rules,
 *	the default policies and the elements of sets that rules use
 * @VNET_A_NET_ZONE: u32, the zone of nf_conntrack in which its connections are; absent
 *	as long as no rule asks for the state of connections
 * @VNET_A_NET_CONNECTIONS: u32, connections there are, as counted within the last
 *	second or so; those that ended since then are still in it
 * @VNET_A_NET_STATS: nest of enum vnet_attr_stats, sum over its members,
 *	removed ones included
 * @VNET_A_NET_POLICY_INGRESS_STATS: nest of enum vnet_attr_counter, frames
 *	that the default ingress policy decided
 * @VNET_A_NET_POLICY_EGRESS_STATS: likewise
 * @VNET_A_NET_AUDIT_INGRESS_STATS: nest of enum vnet_attr_counter, frames that
 *	passed only because ingress is in audit
 * @VNET_A_NET_AUDIT_EGRESS_STATS: likewise
 * @VNET_A_NET_EVICTED: u64, addresses forgotten early because of a limit
 * @VNET_A_NET_MOVED: u64, addresses that were learned on another member
 */
enum vnet_attr_net {
	VNET_A_NET_VNI = VNET_A_COMMON_MAX + 1,
	VNET_A_NET_TENANT,
	VNET_A_NET_UP,
	VNET_A_NET_POLICY_INGRESS,
	VNET_A_NET_POLICY_EGRESS,
	VNET_A_NET_AGEING,
	VNET_A_NET_MAX_MEMBERS,
	VNET_A_NET_MAX_MACS,
	VNET_A_NET_MAX_RULES,
	VNET_A_NET_MAX_CLASSES,
	VNET_A_NET_MAX_QUEUE,
	VNET_A_NET_MAX_SETS,
	VNET_A_NET_MAX_SET_ELEMENTS,
	VNET_A_NET_MAX_CONNECTIONS,
	VNET_A_NET_CONNECTION_RATE,
	VNET_A_NET_REJECT_RATE,
	VNET_A_NET_AUDIT_INGRESS,
	VNET_A_NET_AUDIT_EGRESS,
	VNET_A_NET_LOG_RATE,
	VNET_A_NET_ID,
	VNET_A_NET_MEMBERS,
	VNET_A_NET_MACS,
	VNET_A_NET_RULES,
	VNET_A_NET_CLASSES,
	VNET_A_NET_SETS,
	VNET_A_NET_SET_ELEMENTS,
	VNET_A_NET_RULES_GENERATION,
	VNET_A_NET_ZONE,
	VNET_A_NET_CONNECTIONS,
	VNET_A_NET_STATS,
	VNET_A_NET_POLICY_INGRESS_STATS,
	VNET_A_NET_POLICY_EGRESS_STATS,
	VNET_A_NET_AUDIT_INGRESS_STATS,
	VNET_A_NET_AUDIT_EGRESS_STATS,
	VNET_A_NET_EVICTED,
	VNET_A_NET_MOVED,
	VNET_A_NET_PACKET_RATE_INGRESS,
	VNET_A_NET_PACKET_RATE_EGRESS,

	__VNET_A_NET_MAX,
	VNET_A_NET_MAX = __VNET_A_NET_MAX - 1
};

/**
 * enum vnet_role - what is behind a port
 * @VNET_ROLE_GUEST: a workload; detaching sets the interface down
 * @VNET_ROLE_UPLINK: the physical network; detaching leaves it as it is
 */
enum vnet_role {
	VNET_ROLE_GUEST = 1,
	VNET_ROLE_UPLINK,

	__VNET_ROLE_MAX,
	VNET_ROLE_MAX = __VNET_ROLE_MAX - 1
};

/**
 * enum vnet_attr_port - a port
 * @VNET_A_PORT_ROLE: u8, enum vnet_role, guest by default
 * @VNET_A_PORT_FORCE: flag, attach even the device of the default route
 * @VNET_A_PORT_ID: u32
 * @VNET_A_PORT_MEMBERS: u32, its members now
 * @VNET_A_PORT_CAPACITY: u64, bit/s that it carries in each direction, to be shared by
 *	the networks that have members on it; 0 = none, nothing is shared (default);
 *	%VNET_CAPACITY_LINK = what the link says
 * @VNET_A_PORT_OVERCOMMIT: u32, 1..VNET_OVERCOMMIT_MAX, percent of the capacity that may
 *	be guaranteed, VNET_OVERCOMMIT_DEFAULT by default
 * @VNET_A_PORT_CAPACITY_NOW: u64, told where there is a capacity: bit/s, 0 = not known
 * @VNET_A_PORT_GUARANTEED: u64, likewise: sum of the guarantees of its networks
 * @VNET_A_PORT_IN_FORCE: u8, likewise: enum vnet_in_force
 * @VNET_A_PORT_DROPS: nest; the attribute's type is an enum vnet_drop, its
 *	payload a u64 of frames; only what is not zero; type 0 is padding. Frames
 *	that never reached a member.
 */
enum vnet_attr_port {
	VNET_A_PORT_ROLE = VNET_A_COMMON_MAX + 1,
	VNET_A_PORT_FORCE,
	VNET_A_PORT_CAPACITY,
	VNET_A_PORT_OVERCOMMIT,
	VNET_A_PORT_CAPACITY_NOW,
	VNET_A_PORT_GUARANTEED,
	VNET_A_PORT_IN_FORCE,
	VNET_A_PORT_ID,
	VNET_A_PORT_MEMBERS,
	VNET_A_PORT_DROPS,

	__VNET_A_PORT_MAX,
	VNET_A_PORT_MAX = __VNET_A_PORT_MAX - 1
};

/**
 * enum vnet_attr_member - a member
 *
 * Settable (u8 switches take 0 or 1):
 * @VNET_A_MEMBER_LEARNING: u8, learn source addresses; default 1
 * @VNET_A_MEMBER_FLOOD_UNICAST: u8, receives unknown unicast; default 1
 * @VNET_A_MEMBER_FLOOD_MULTICAST: u8, receives multicast; default 1
 * @VNET_A_MEMBER_FLOOD_BROADCAST: u8, receives broadcast; default 1
 * @VNET_A_MEMBER_ISOLATED: u8, talks to members that are not isolated only
 * @VNET_A_MEMBER_HAIRPIN: u8, may get back what it sent; default 0
 * @VNET_A_MEMBER_MAX_MACS: u32
 * @VNET_A_MEMBER_FLOOD_RATE: u32, frames/s that it may have flooded; 0 = any
 * @VNET_A_MEMBER_MAX_CONNECTIONS: u32, connections that it may have begun
 * @VNET_A_MEMBER_CONNECTION_RATE: u32, new ones per second; 0 = any
 * @VNET_A_MEMBER_CLASS_INGRESS: string, class of what is delivered to it; ""
 *	= the root
 * @VNET_A_MEMBER_CLASS_EGRESS: string, class of what it sends
 * @VNET_A_MEMBER_GUARD_MACS: nest of VNET_A_GUARD_ADDRESS (6 bytes), the
 *	source addresses it may use
 * @VNET_A_MEMBER_GUARD_IPS: nest of VNET_A_GUARD_PREFIX; once an IPv4 prefix
 *	is listed only listed IPv4 sources pass (ARP senders too), likewise IPv6
 *	(ND targets and options too). 0.0.0.0 for DHCP and ARP probes, :: for
 *	duplicate address detection and the link-local address made of the
 *	frame's own source MAC always pass.
 * @VNET_A_MEMBER_GUARD_DHCP: u8, may not act as a DHCP or DHCPv6 server
 * @VNET_A_MEMBER_GUARD_RA: u8, may not send router advertisements or redirects
 * @VNET_A_MEMBER_PACKET_RATE_INGRESS: u32, packets/s that it may get, as
 *	VNET_A_NET_PACKET_RATE_INGRESS; ingress rules are asked before
 * @VNET_A_MEMBER_PACKET_RATE_EGRESS: u32, packets/s that it may send
 *
 * Told:
 * @VNET_A_MEMBER_ID: u32
 * @VNET_A_MEMBER_MACS: u32, addresses it has in the table now
 * @VNET_A_MEMBER_CONNECTIONS: u32, as VNET_A_NET_CONNECTIONS, of those it began
 * @VNET_A_MEMBER_STATS: nest of enum vnet_attr_stats
 * @VNET_A_MEMBER_EVICTED: u64, with STATS: addresses of its own that were forgotten
 *	early because of its limit or the network's
 * @VNET_A_MEMBER_UNLEARNED: u64, with STATS: addresses that were not learned
 *	because there was nothing that could be forgotten for them
 */
enum vnet_attr_member {
	VNET_A_MEMBER_LEARNING = VNET_A_COMMON_MAX + 1,
	VNET_A_MEMBER_FLOOD_UNICAST,
	VNET_A_MEMBER_FLOOD_MULTICAST,
	VNET_A_MEMBER_FLOOD_BROADCAST,
	VNET_A_MEMBER_ISOLATED,
	VNET_A_MEMBER_HAIRPIN,
	VNET_A_MEMBER_MAX_MACS,
	VNET_A_MEMBER_FLOOD_RATE,
	VNET_A_MEMBER_MAX_CONNECTIONS,
	VNET_A_MEMBER_CONNECTION_RATE,
	VNET_A_MEMBER_CLASS_INGRESS,
	VNET_A_MEMBER_CLASS_EGRESS,
	VNET_A_MEMBER_GUARD_MACS,
	VNET_A_MEMBER_GUARD_IPS,
	VNET_A_MEMBER_GUARD_DHCP,
	VNET_A_MEMBER_GUARD_RA,
	VNET_A_MEMBER_ID,
	VNET_A_MEMBER_MACS,
	VNET_A_MEMBER_CONNECTIONS,
	VNET_A_MEMBER_STATS,
	VNET_A_MEMBER_EVICTED,
	VNET_A_MEMBER_UNLEARNED,
	VNET_A_MEMBER_PACKET_RATE_INGRESS,
	VNET_A_MEMBER_PACKET_RATE_EGRESS,

	__VNET_A_MEMBER_MAX,
	VNET_A_MEMBER_MAX = __VNET_A_MEMBER_MAX - 1
};

/**
 * enum vnet_attr_guard - elements of the guard lists
 * @VNET_A_GUARD_ADDRESS: 6 bytes, a MAC address; may repeat
 * @VNET_A_GUARD_PREFIX: nest of GUARD_IP and GUARD_PREFIX_LEN; may repeat
 * @VNET_A_GUARD_IP: 4 or 16 bytes
 * @VNET_A_GUARD_PREFIX_LEN: u8, 0..32 or 0..128; default: the whole address
 */
enum vnet_attr_guard {
	VNET_A_GUARD_ADDRESS = 1,
	VNET_A_GUARD_PREFIX,
	VNET_A_GUARD_IP,
	VNET_A_GUARD_PREFIX_LEN,

	__VNET_A_GUARD_MAX,
	VNET_A_GUARD_MAX = __VNET_A_GUARD_MAX - 1
};

/**
 * enum vnet_fdb_kind - how an address got into the table and how it leaves
 * @VNET_FDB_LEARNED: from traffic; ages, moves
 * @VNET_FDB_STATIC: set; never ages, learning does not move it
 * @VNET_FDB_STICKY: as static, and frames with this source from any other
 *	member are dropped (mac_sticky)
 */
enum vnet_fdb_kind {
	VNET_FDB_LEARNED = 1,
	VNET_FDB_STATIC,
	VNET_FDB_STICKY,

	__VNET_FDB_KIND_MAX,
	VNET_FDB_KIND_MAX = __VNET_FDB_KIND_MAX - 1
};

/**
 * enum vnet_attr_fdb - an address; its member is told by interface and tag
 * @VNET_A_FDB_MAC: 6 bytes
 * @VNET_A_FDB_KIND: u8, enum vnet_fdb_kind
 * @VNET_A_FDB_AGE: u32, milliseconds since a frame came from it (learned only)
 * @VNET_A_FDB_ALL: flag, flush static and sticky entries too
 * @VNET_A_FDB_COUNT: u32, entries forgotten, in the reply to a flush
 */
enum vnet_attr_fdb {
	VNET_A_FDB_MAC = VNET_A_COMMON_MAX + 1,
	VNET_A_FDB_KIND,
	VNET_A_FDB_AGE,
	VNET_A_FDB_ALL,
	VNET_A_FDB_COUNT,

	__VNET_A_FDB_MAX,
	VNET_A_FDB_MAX = __VNET_A_FDB_MAX - 1
};

/**
 * enum vnet_fragment - which part of a fragmented packet a rule is about
 * @VNET_FRAGMENT_ANY: any fragment
 * @VNET_FRAGMENT_FIRST: the one with the transport header
 * @VNET_FRAGMENT_LATER: the others
 * @VNET_FRAGMENT_NONE: a packet that is not fragmented
 */
enum vnet_fragment {
	VNET_FRAGMENT_ANY,
	VNET_FRAGMENT_FIRST,
	VNET_FRAGMENT_LATER,
	VNET_FRAGMENT_NONE,

	__VNET_FRAGMENT_MAX,
	VNET_FRAGMENT_MAX = __VNET_FRAGMENT_MAX - 1
};

/**
 * enum vnet_state - what a frame is to a connection, as nf_conntrack sees it
 * @VNET_STATE_NEW: it begins one, or repeats that
 * @VNET_STATE_ESTABLISHED: of a connection that was answered
 * @VNET_STATE_RELATED: it belongs to another connection: an ICMP error about it, or
 *	what it agreed on, as FTP does for data
 * @VNET_STATE_INVALID: no connection can explain it
 * @VNET_STATE_ALL: all of them
 *
 * Bits, so that a rule may want any of some. ARP, neighbour discovery and everything
 * else that is not IP has no state.
 */
enum vnet_state {
	VNET_STATE_NEW = 0x01,
	VNET_STATE_ESTABLISHED = 0x02,
	VNET_STATE_RELATED = 0x04,
	VNET_STATE_INVALID = 0x08,
	VNET_STATE_ALL = 0x0f,
};

/**
 * enum vnet_attr_rule - a rule
 *
 * A match attribute that is absent matches everything. Interface and tag name
 * the one member that the rule is for: for egress the sender, for ingress the
 * receiver.
 *
 * @VNET_A_RULE_NAME: string; not VNET_RULE_DEFAULT_INGRESS or _EGRESS
 * @VNET_A_RULE_PRIORITY: u32, 0..VNET_PRIORITY_MAX, smaller decides first
 * @VNET_A_RULE_DIRECTION: u8, enum vnet_direction
 * @VNET_A_RULE_ACTION: u8, enum vnet_action
 * @VNET_A_RULE_SRC_MAC: 6 bytes
 * @VNET_A_RULE_SRC_MAC_MASK: 6 bytes, default ff:ff:ff:ff:ff:ff
 * @VNET_A_RULE_DST_MAC: 6 bytes
 * @VNET_A_RULE_DST_MAC_MASK: 6 bytes
 * @VNET_A_RULE_ETHERTYPE: u16, 0x0600..0xffff, that of the payload behind the
 *	member's tag; implied by IP fields
 * @VNET_A_RULE_SRC_IP: 4 or 16 bytes
 * @VNET_A_RULE_SRC_PREFIX_LEN: u8, default: the whole address
 * @VNET_A_RULE_DST_IP: 4 or 16 bytes, of the same family as SRC_IP
 * @VNET_A_RULE_DST_PREFIX_LEN: u8
 * @VNET_A_RULE_PROTO: u8, IP protocol behind IPv6 extension headers
 * @VNET_A_RULE_SRC_PORT_MIN: u16, first port of a range; TCP, UDP, UDP-Lite,
 *	SCTP and DCCP only; later fragments have no ports and never match
 * @VNET_A_RULE_SRC_PORT_MAX: u16, last one; default: as MIN
 * @VNET_A_RULE_DST_PORT_MIN: u16
 * @VNET_A_RULE_DST_PORT_MAX: u16
 * @VNET_A_RULE_ICMP_TYPE: u8, with protocol 1 or 58
 * @VNET_A_RULE_ICMP_CODE: u8, only with ICMP_TYPE
 * @VNET_A_RULE_TCP_FLAGS: u8, flags of byte 13 of the TCP header that are set
 * @VNET_A_RULE_TCP_FLAGS_MASK: u8, the flags that are compared; default: those
 *	of TCP_FLAGS. With protocol 6
 * @VNET_A_RULE_FRAGMENT: u8, enum vnet_fragment
 * @VNET_A_RULE_DSCP: u8, 0..63
 * @VNET_A_RULE_PCP: u8, 0..7, the priority in the member's tag; frames without
 *	a tag have none and never match
 * @VNET_A_RULE_ARP_SENDER: 4 bytes, sender address of an ARP message
 * @VNET_A_RULE_ARP_SENDER_PREFIX_LEN: u8, default 32
 * @VNET_A_RULE_TARGET: address that a message is about. 4 bytes: the target of an ARP
 *	message; 16 bytes: that of a neighbour solicitation or advertisement or of a
 *	redirect (ICMPv6 types 135 to 137), whose sender is SRC_IP
 * @VNET_A_RULE_TARGET_PREFIX_LEN: u8, default: the whole address
 * @VNET_A_RULE_SRC_SET: string, name of a set of addresses that has the source
 *	address of an IP packet
 * @VNET_A_RULE_DST_SET: string, likewise the destination address
 * @VNET_A_RULE_SPORT_SET: string, a set of ports that has the source port; of
 *	the protocols that have ports, see SRC_PORT_MIN
 * @VNET_A_RULE_DPORT_SET: string, likewise the destination port
 * @VNET_A_RULE_SRC_MAC_SET: string, a set of MACs that has the source MAC
 * @VNET_A_RULE_DST_MAC_SET: string, likewise the destination MAC
 * @VNET_A_RULE_SRC_PAIR_SET: string, a set of pairs that has the source address
 *	together with the source port
 * @VNET_A_RULE_DST_PAIR_SET: string, likewise of the destination
 * @VNET_A_RULE_STATE: u8, bits of enum vnet_state, any of which will do. While a
 *	network has such a rule, its frames are shown to nf_conntrack, in a zone of
 *	its own
 * @VNET_A_RULE_INVERTED: u64, bit N: what attribute N of this rule says must not
 *	be so, where N is the attribute that begins a field (SRC_MAC, SRC_IP,
 *	SRC_PORT_MIN, TCP_FLAGS, %VNET_A_IFNAME for the member...). The frame must
 *	have the field nevertheless: "not source port 80" wants ports
 * @VNET_A_RULE_CLASS: string, class that shapes the frame in this direction, instead
 *	of the member's; only with %VNET_ACTION_ALLOW, as SET_DSCP
 * @VNET_A_RULE_SET_DSCP: u8, 0..63, written into the header of an IP packet; rules
 *	of the other direction see it. Other frames pass as they are
 * @VNET_A_RULE_HELPER: string, helper of nf_conntrack that reads along in connections
 *	which this rule lets begin, such as "ftp", so that what they agree on is
 *	related to them; only with %VNET_ACTION_ALLOW, and with PROTO. As STATE, it
 *	has the frames of the network shown to nf_conntrack
 * @VNET_A_RULE_AUDIT: u8, 1 = in audit: for the verdict it is as if the rule were
 *	not there, and it counts the frames that it would have decided: those that
 *	match it and neither an enforced rule nor another one in audit that comes
 *	before it. Default 0
 * @VNET_A_RULE_LOG: u8, 1 = tell of every frame that it decides, or would decide,
 *	in the group "log". It changes nothing for the frame. Default 0
 * @VNET_A_RULE_SAMPLE: u32, tell of one frame in so many, on the average and at
 *	random; 0, the default, of none. Not together with LOG
 * @VNET_A_RULE_EXPIRES: u32, seconds from now until the rule is removed, up to
 *	VNET_EXPIRES_MAX; 0, the default, for never
 * @VNET_A_RULE_MEMBER_SET: string, a set of members that has the one that interface and
 *	tag would name: the sender of egress, the receiver of ingress
 * @VNET_A_RULE_STATS: nest of enum vnet_attr_counter
 * @VNET_A_RULE_ENTRY: nest of these attributes, one rule of RULE_LOAD
 * @VNET_A_RULE_COUNT: u32, rules in force after RULE_LOAD; rules that RULE_PROMOTE
 *	without a name has found in audit; rules that the frame of RULE_TEST passed
 * @VNET_A_RULE_EXPIRES_IN: u32, seconds that a rule has left that expires, the last
 *	one as a whole; not in notifications
 * @VNET_A_RULE_PASSED: string, name of a rule of the same direction that is not in
 *	audit, and that comes before the one that decides. May repeat: the last
 *	VNET_PASSED_MAX of them, in the order of evaluation
 */
enum vnet_attr_rule {
	VNET_A_RULE_NAME = VNET_A_COMMON_MAX + 1,
	VNET_A_RULE_PRIORITY,
	VNET_A_RULE_DIRECTION,
	VNET_A_RULE_ACTION,
	VNET_A_RULE_SRC_MAC,
	VNET_A_RULE_SRC_MAC_MASK,
	VNET_A_RULE_DST_MAC,
	VNET_A_RULE_DST_MAC_MASK,
	VNET_A_RULE_ETHERTYPE,
	VNET_A_RULE_SRC_IP,
	VNET_A_RULE_SRC_PREFIX_LEN,
	VNET_A_RULE_DST_IP,
	VNET_A_RULE_DST_PREFIX_LEN,
	VNET_A_RULE_PROTO,
	VNET_A_RULE_SRC_PORT_MIN,
	VNET_A_RULE_SRC_PORT_MAX,
	VNET_A_RULE_DST_PORT_MIN,
	VNET_A_RULE_DST_PORT_MAX,
	VNET_A_RULE_ICMP_TYPE,
	VNET_A_RULE_ICMP_CODE,
	VNET_A_RULE_TCP_FLAGS,
	VNET_A_RULE_TCP_FLAGS_MASK,
	VNET_A_RULE_FRAGMENT,
	VNET_A_RULE_DSCP,
	VNET_A_RULE_PCP,
	VNET_A_RULE_ARP_SENDER,
	VNET_A_RULE_ARP_SENDER_PREFIX_LEN,
	VNET_A_RULE_TARGET,
	VNET_A_RULE_TARGET_PREFIX_LEN,
	VNET_A_RULE_SRC_SET,
	VNET_A_RULE_DST_SET,
	VNET_A_RULE_SPORT_SET,
	VNET_A_RULE_DPORT_SET,
	VNET_A_RULE_SRC_MAC_SET,
	VNET_A_RULE_DST_MAC_SET,
	VNET_A_RULE_SRC_PAIR_SET,
	VNET_A_RULE_DST_PAIR_SET,
	VNET_A_RULE_STATE,
	VNET_A_RULE_INVERTED,
	VNET_A_RULE_CLASS,
	VNET_A_RULE_SET_DSCP,
	VNET_A_RULE_HELPER,
	VNET_A_RULE_AUDIT,
	VNET_A_RULE_LOG,
	VNET_A_RULE_SAMPLE,
	VNET_A_RULE_EXPIRES,
	VNET_A_RULE_MEMBER_SET,
	VNET_A_RULE_STATS,
	VNET_A_RULE_ENTRY,
	VNET_A_RULE_COUNT,
	VNET_A_RULE_EXPIRES_IN,
	VNET_A_RULE_PASSED,

	__VNET_A_RULE_MAX,
	VNET_A_RULE_MAX = __VNET_A_RULE_MAX - 1
};

/**
 * enum vnet_attr_log - VNET_CMD_RULE_LOG_NTF
 * @VNET_A_LOG_RULE: string, name of the rule
 * @VNET_A_LOG_DIRECTION: u8, enum vnet_direction
 * @VNET_A_LOG_ACTION: u8, enum vnet_action, what the rule says
 * @VNET_A_LOG_AUDIT: u8, 1 = it only would: the rule or the direction is in audit
 * @VNET_A_LOG_LENGTH: u32, bytes of the frame without the member's tag and FCS
 * @VNET_A_LOG_FRAME: the first of them, up to VNET_LOG_FRAME_MAX, from the
 *	Ethernet header on; the member's tag is not there
 * @VNET_A_LOG_SUPPRESSED: u32, messages of this network that were not sent since
 *	the one before, because of VNET_A_NET_LOG_RATE or for lack of memory
 */
enum vnet_attr_log {
	VNET_A_LOG_RULE = VNET_A_COMMON_MAX + 1,
	VNET_A_LOG_DIRECTION,
	VNET_A_LOG_ACTION,
	VNET_A_LOG_AUDIT,
	VNET_A_LOG_LENGTH,
	VNET_A_LOG_FRAME,
	VNET_A_LOG_SUPPRESSED,

	__VNET_A_LOG_MAX,
	VNET_A_LOG_MAX = __VNET_A_LOG_MAX - 1
};

/**
 * enum vnet_set_type - what a set consists of
 * @VNET_SET_ADDRESSES: prefixes of both IP versions
 * @VNET_SET_PORTS: ranges of ports
 * @VNET_SET_MACS: MACs
 * @VNET_SET_PAIRS: prefixes of both IP versions, each with a port
 * @VNET_SET_MEMBERS: members of the network, which makes it a group of them. One that
 *	is deleted leaves its sets, and is in none when it is added again
 */
enum vnet_set_type {
	VNET_SET_ADDRESSES = 1,
	VNET_SET_PORTS,
	VNET_SET_MACS,
	VNET_SET_PAIRS,
	VNET_SET_MEMBERS,

	__VNET_SET_TYPE_MAX,
	VNET_SET_TYPE_MAX = __VNET_SET_TYPE_MAX - 1
};

/**
 * enum vnet_attr_set - a set of a network, and its elements
 *
 * A rule that names a set asks it for each frame: what changes in the set
 * counts at once.
 *
 * @VNET_A_SET_NAME: string
 * @VNET_A_SET_TYPE: u8, enum vnet_set_type; fixed when the set is added
 *
 * Told:
 * @VNET_A_SET_ID: u32
 * @VNET_A_SET_ELEMENTS: u32, how many it has
 * @VNET_A_SET_USERS: u32, how often rules name it
 *
 * Elements:
 * @VNET_A_SET_ELEMENT: nest of the attributes below, one element; may repeat. That of
 *	members has an interface and a tag instead
 * @VNET_A_SET_IP: 4 or 16 bytes; of addresses and pairs
 * @VNET_A_SET_PREFIX_LEN: u8, 0..32 or 0..128; default: the whole address
 * @VNET_A_SET_MAC: 6 bytes; of MACs
 * @VNET_A_SET_PORT_MIN: u16, first port of a range; of pairs, the port
 * @VNET_A_SET_PORT_MAX: u16, last one, default: as MIN; of ports
 */
enum vnet_attr_set {
	VNET_A_SET_NAME = VNET_A_COMMON_MAX + 1,
	VNET_A_SET_TYPE,
	VNET_A_SET_ID,
	VNET_A_SET_ELEMENTS,
	VNET_A_SET_USERS,
	VNET_A_SET_ELEMENT,
	VNET_A_SET_IP,
	VNET_A_SET_PREFIX_LEN,
	VNET_A_SET_MAC,
	VNET_A_SET_PORT_MIN,
	VNET_A_SET_PORT_MAX,

	__VNET_A_SET_MAX,
	VNET_A_SET_MAX = __VNET_A_SET_MAX - 1
};

/**
 * enum vnet_attr_class - a class
 *
 * Settable:
 * @VNET_A_CLASS_NAME: string
 * @VNET_A_CLASS_PARENT: string, default root; another one moves the class
 * @VNET_A_CLASS_RATE: u64, bit/s that the class may always use; of the root: that
 *	every port with a capacity guarantees the network, 0 = nothing
 * @VNET_A_CLASS_CEIL: u64, bit/s that it may reach by borrowing; default: rate. Of the
 *	root: a cap on all that the network sends, 0 = none
 * @VNET_A_CLASS_BURST: u32, bytes that may pass at once at the rate; default
 *	2 ms of the rate, at least two large frames (3028)
 * @VNET_A_CLASS_CBURST: u32, likewise at the ceil
 * @VNET_A_CLASS_PRIO: u8, 0..VNET_CLASS_PRIO_MAX, who borrows first; default 0. Of the
 *	root: among the networks of an uplink
 * @VNET_A_CLASS_QUEUE: u32, bytes held per direction before frames are dropped
 * @VNET_A_CLASS_WEIGHT: u32, VNET_WEIGHT_MIN..VNET_WEIGHT_MAX, its part of what several
 *	of the same prio borrow; default: one for each Mbit/s of the rate
 *
 * Told:
 * @VNET_A_CLASS_ID: u32
 * @VNET_A_CLASS_LEVEL: u8, distance from the root
 * @VNET_A_CLASS_MEMBERS: u32, assignments of members to it, both directions
 * @VNET_A_CLASS_RULES: u32, rules that name it
 * @VNET_A_CLASS_IN_FORCE: u8, enum vnet_in_force, of a root with a rate: whether that is
 *	kept wherever it is guaranteed
 * @VNET_A_CLASS_INGRESS_STATS: nest of enum vnet_attr_class_stats
 * @VNET_A_CLASS_EGRESS_STATS: likewise
 *
 * Settable too:
 * @VNET_A_CLASS_DELAY_TARGET: u32, ms that frames of a flow may wait; when they do for
 *	longer and longer, senders are told: frames are marked (ECN) or dropped, as RFC
 *	8289 says. Never less than it takes to send one and a half large frames at the
 *	rate. 0: never; default VNET_DELAY_TARGET_DEFAULT
 * @VNET_A_CLASS_DELAY_LIMIT: u32, ms that a frame may wait: one that did for longer is
 *	dropped, unless it is the last that the class holds. 0: for ever; default
 *	VNET_DELAY_LIMIT_DEFAULT
 * @VNET_A_CLASS_OVERHEAD: u32, bytes that each frame of the network takes on the wire
 *	besides its own: preamble, FCS, tag, tunnel. They are charged, and counted, in
 *	all classes. Of the root only; default 0
 */
enum vnet_attr_class {
	VNET_A_CLASS_NAME = VNET_A_COMMON_MAX + 1,
	VNET_A_CLASS_PARENT,
	VNET_A_CLASS_RATE,
	VNET_A_CLASS_CEIL,
	VNET_A_CLASS_BURST,
	VNET_A_CLASS_CBURST,
	VNET_A_CLASS_PRIO,
	VNET_A_CLASS_QUEUE,
	VNET_A_CLASS_WEIGHT,
	VNET_A_CLASS_ID,
	VNET_A_CLASS_LEVEL,
	VNET_A_CLASS_MEMBERS,
	VNET_A_CLASS_RULES,
	VNET_A_CLASS_IN_FORCE,
	VNET_A_CLASS_INGRESS_STATS,
	VNET_A_CLASS_EGRESS_STATS,
	VNET_A_CLASS_DELAY_TARGET,
	VNET_A_CLASS_DELAY_LIMIT,
	VNET_A_CLASS_OVERHEAD,

	__VNET_A_CLASS_MAX,
	VNET_A_CLASS_MAX = __VNET_A_CLASS_MAX - 1
};

/**
 * enum vnet_in_force - whether guarantees are kept
 * @VNET_IN_FORCE_YES: they are
 * @VNET_IN_FORCE_NO_CAPACITY: no port has a capacity that could be guaranteed
 * @VNET_IN_FORCE_UNKNOWN: a port follows its link, whose speed is not known
 * @VNET_IN_FORCE_OVERBOOKED: a port carries less than what is guaranteed; each network
 *	gets its part of that
 */
enum vnet_in_force {
	VNET_IN_FORCE_YES = 1,
	VNET_IN_FORCE_NO_CAPACITY,
	VNET_IN_FORCE_UNKNOWN,
	VNET_IN_FORCE_OVERBOOKED,

	__VNET_IN_FORCE_MAX,
	VNET_IN_FORCE_MAX = __VNET_IN_FORCE_MAX - 1
};

/**
 * enum vnet_attr_share - what a network may have of a port; all of it is told
 * @VNET_A_SHARE_GUARANTEE: u64, bit/s that it gets whenever it sends that much
 * @VNET_A_SHARE_CEIL: u64, bit/s that it never exceeds, 0 = the capacity
 * @VNET_A_SHARE_WEIGHT: u32, its part of what others leave
 * @VNET_A_SHARE_PRIO: u8, 0 is served first with what others leave
 * @VNET_A_SHARE_IN_FORCE: u8, enum vnet_in_force
 * @VNET_A_SHARE_INGRESS_ALLOWED: u64, bit/s that it may send into the port now; 0 = any
 * @VNET_A_SHARE_EGRESS_ALLOWED: u64, likewise that the port may send it
 * @VNET_A_SHARE_INGRESS_MEASURED: u64, bit/s in the last second; with
 *	%VNET_A_WITH_STATS, as the rest
 * @VNET_A_SHARE_EGRESS_MEASURED: u64
 * @VNET_A_SHARE_INGRESS_STATS: nest of enum vnet_attr_class_stats; counted while there
 *	is a capacity
 * @VNET_A_SHARE_EGRESS_STATS: likewise
 */
enum vnet_attr_share {
	VNET_A_SHARE_GUARANTEE = VNET_A_COMMON_MAX + 1,
	VNET_A_SHARE_CEIL,
	VNET_A_SHARE_WEIGHT,
	VNET_A_SHARE_PRIO,
	VNET_A_SHARE_IN_FORCE,
	VNET_A_SHARE_INGRESS_ALLOWED,
	VNET_A_SHARE_EGRESS_ALLOWED,
	VNET_A_SHARE_INGRESS_MEASURED,
	VNET_A_SHARE_EGRESS_MEASURED,
	VNET_A_SHARE_INGRESS_STATS,
	VNET_A_SHARE_EGRESS_STATS,

	__VNET_A_SHARE_MAX,
	VNET_A_SHARE_MAX = __VNET_A_SHARE_MAX - 1
};

/**
 * enum vnet_attr_stats - counters of a member or a network
 *
 * At rest, for each member: EGRESS_PACKETS + COPIES + OFFERED = FORWARDED +
 * INGRESS_PACKETS + QUEUED_PACKETS + the sum of DROPS; over a network the sum
 * of FORWARDED is that of OFFERED, so frames in and copies made are exactly the
 * frames delivered, held and dropped.
 *
 * @VNET_A_STATS_EGRESS_PACKETS: u64, frames that came from the workload
 * @VNET_A_STATS_EGRESS_BYTES: u64, their bytes without tag and FCS
 * @VNET_A_STATS_COPIES: u64, extra copies made of them to reach many, and segments
 *	that a class made, all but the first, of a frame from or for the member
 * @VNET_A_STATS_FORWARDED: u64, frames and copies handed to a target member
 * @VNET_A_STATS_OFFERED: u64, frames that others handed to this member
 * @VNET_A_STATS_INGRESS_PACKETS: u64, frames given to its interface
 * @VNET_A_STATS_INGRESS_BYTES: u64
 * @VNET_A_STATS_QUEUED_PACKETS: u64, held by a class now
 * @VNET_A_STATS_ANSWERS: u64, answers to rejected frames of this member that its
 *	interface was given. The switch makes them: they are neither frames of the
 *	network nor copies, so no other counter has them and the sum above does not
 * @VNET_A_STATS_DROPS: nest as in VNET_A_PORT_DROPS
 * @VNET_A_STATS_PAD: padding before 64-bit values
 * @VNET_A_STATS_CACHED: u64, those of EGRESS_PACKETS that were let go by what had been
 *	decided about others with the same headers
 */
enum vnet_attr_stats {
	VNET_A_STATS_EGRESS_PACKETS = 1,
	VNET_A_STATS_EGRESS_BYTES,
	VNET_A_STATS_COPIES,
	VNET_A_STATS_FORWARDED,
	VNET_A_STATS_OFFERED,
	VNET_A_STATS_INGRESS_PACKETS,
	VNET_A_STATS_INGRESS_BYTES,
	VNET_A_STATS_QUEUED_PACKETS,
	VNET_A_STATS_ANSWERS,
	VNET_A_STATS_DROPS,
	VNET_A_STATS_PAD,
	VNET_A_STATS_CACHED,

	__VNET_A_STATS_MAX,
	VNET_A_STATS_MAX = __VNET_A_STATS_MAX - 1
};

/**
 * enum vnet_attr_counter - a pair of counters
 * @VNET_A_COUNTER_PACKETS: u64
 * @VNET_A_COUNTER_BYTES: u64
 * @VNET_A_COUNTER_PAD: padding before 64-bit values
 */
enum vnet_attr_counter {
	VNET_A_COUNTER_PACKETS = 1,
	VNET_A_COUNTER_BYTES,
	VNET_A_COUNTER_PAD,

	__VNET_A_COUNTER_MAX,
	VNET_A_COUNTER_MAX = __VNET_A_COUNTER_MAX - 1
};

/**
 * enum vnet_attr_class_stats - counters of one direction of a class
 * @VNET_A_CLASS_STATS_PACKETS: u64, frames sent under this class itself
 * @VNET_A_CLASS_STATS_BYTES: u64, their bytes on the wire without FCS, with the overhead
 * @VNET_A_CLASS_STATS_DELAYED: u64, frames of these that were held first
 * @VNET_A_CLASS_STATS_BORROWED: u64, frames sent with an ancestor's tokens
 * @VNET_A_CLASS_STATS_DROPPED: u64, frames dropped because a queue was full
 * @VNET_A_CLASS_STATS_QUEUED_PACKETS: u64, held now
 * @VNET_A_CLASS_STATS_QUEUED_BYTES: u64
 * @VNET_A_CLASS_STATS_PAD: padding before 64-bit values
 * @VNET_A_CLASS_STATS_MARKED: u64, frames marked because they waited too long
 * @VNET_A_CLASS_STATS_LATE: u64, frames dropped because of that
 * @VNET_A_CLASS_STATS_MEASURED: u64, bit/s on the wire during the second that was
 *	measured last, of this class and all below it; 0 until then
 * @VNET_A_CLASS_STATS_LENDER: string, the class whose tokens it borrowed last; only if
 *	that was during this second
 */
enum vnet_attr_class_stats {
	VNET_A_CLASS_STATS_PACKETS = 1,
	VNET_A_CLASS_STATS_BYTES,
	VNET_A_CLASS_STATS_DELAYED,
	VNET_A_CLASS_STATS_BORROWED,
	VNET_A_CLASS_STATS_DROPPED,
	VNET_A_CLASS_STATS_QUEUED_PACKETS,
	VNET_A_CLASS_STATS_QUEUED_BYTES,
	VNET_A_CLASS_STATS_PAD,
	VNET_A_CLASS_STATS_MARKED,
	VNET_A_CLASS_STATS_LATE,
	VNET_A_CLASS_STATS_MEASURED,
	VNET_A_CLASS_STATS_LENDER,

	__VNET_A_CLASS_STATS_MAX,
	VNET_A_CLASS_STATS_MAX = __VNET_A_CLASS_STATS_MAX - 1
};

/**
 * enum vnet_limit - limits that a running switch may reach
 * @VNET_LIMIT_NETWORK_MACS: addresses in a network
 * @VNET_LIMIT_MEMBER_MACS: addresses of one member
 * @VNET_LIMIT_NETWORK_QUEUE: bytes held for a network
 * @VNET_LIMIT_CLASS_QUEUE: bytes held for a class
 * @VNET_LIMIT_FLOOD_RATE: flooded frames/s of one member
 * @VNET_LIMIT_NETWORK_CONNECTIONS: connections of a network
 * @VNET_LIMIT_MEMBER_CONNECTIONS: connections that one member began
 * @VNET_LIMIT_NETWORK_CONNECTION_RATE: new connections/s of a network
 * @VNET_LIMIT_MEMBER_CONNECTION_RATE: new connections/s of one member
 * @VNET_LIMIT_REJECT_RATE: answers/s to rejected frames of a network
 * @VNET_LIMIT_UPLINK_QUEUE: bytes held for a network before a port with a capacity
 * @VNET_LIMIT_NETWORK_PACKET_RATE_INGRESS: packets/s that members of a network get
 * @VNET_LIMIT_NETWORK_PACKET_RATE_EGRESS: packets/s that they send
 * @VNET_LIMIT_MEMBER_PACKET_RATE_INGRESS: packets/s that one member gets
 * @VNET_LIMIT_MEMBER_PACKET_RATE_EGRESS: packets/s that it sends
 */
enum vnet_limit {
	VNET_LIMIT_NETWORK_MACS = 1,
	VNET_LIMIT_MEMBER_MACS,
	VNET_LIMIT_NETWORK_QUEUE,
	VNET_LIMIT_CLASS_QUEUE,
	VNET_LIMIT_FLOOD_RATE,
	VNET_LIMIT_NETWORK_CONNECTIONS,
	VNET_LIMIT_MEMBER_CONNECTIONS,
	VNET_LIMIT_NETWORK_CONNECTION_RATE,
	VNET_LIMIT_MEMBER_CONNECTION_RATE,
	VNET_LIMIT_REJECT_RATE,
	VNET_LIMIT_UPLINK_QUEUE,
	VNET_LIMIT_NETWORK_PACKET_RATE_INGRESS,
	VNET_LIMIT_NETWORK_PACKET_RATE_EGRESS,
	VNET_LIMIT_MEMBER_PACKET_RATE_INGRESS,
	VNET_LIMIT_MEMBER_PACKET_RATE_EGRESS,

	__VNET_LIMIT_MAX,
	VNET_LIMIT_MAX = __VNET_LIMIT_MAX - 1
};

/**
 * enum vnet_attr_limit - VNET_CMD_LIMIT_NTF
 * @VNET_A_LIMIT_KIND: u8, enum vnet_limit
 * @VNET_A_LIMIT_VALUE: u64, the limit
 * @VNET_A_LIMIT_CLASS: string, the class whose queue is full
 */
enum vnet_attr_limit {
	VNET_A_LIMIT_KIND = VNET_A_COMMON_MAX + 1,
	VNET_A_LIMIT_VALUE,
	VNET_A_LIMIT_CLASS,

	__VNET_A_LIMIT_MAX,
	VNET_A_LIMIT_MAX = __VNET_A_LIMIT_MAX - 1
};

/*
 * VNET_DROP_REASONS - why a frame was not delivered: X(NAME, name, cause, remedy)
 *
 * The only list of drop reasons: the kernel's enum, counters and trace names
 * and the tools' texts are all made from it. Append only; a number is never
 * used again.
 *
 * Up to NO_MEMBER a frame belongs to no member yet and counts on its port.
 * After that it counts on the member it came from and, once a target is chosen,
 * on that target.
 */
#define VNET_DROP_REASONS(X)						       \
	X(SHORT_FRAME, "short_frame",					       \
	  "the frame ends inside its Ethernet or VLAN header",		       \
	  "look for a broken driver or guest behind the port")		       \
	X(BAD_SOURCE, "bad_source",					       \
	  "the source MAC is zero or a multicast address",		       \
	  "look for a broken or hostile guest behind the port")		       \
	X(RESERVED_MAC, "reserved_mac",					       \
	  "the destination is a link-local protocol's (802.1D table 7-10)",    \
	  "none: such frames end at the first switch by definition")	       \
	X(LOOP, "loop",							       \
	  "the frame went through this switch too many times",		       \
	  "look for networks or devices that are patched in a ring")	       \
	X(NO_MEMBER, "no_member",					       \
	  "no network has this VLAN tag on this port",			       \
	  "add a member for the tag, or stop the sender from using it")	       \
	X(NETWORK_DOWN, "network_down",					       \
	  "the network is down",					       \
	  "network set NAME up")					       \
	X(GUARD_MAC, "guard_mac",					       \
	  "the member may not use this source MAC",			       \
	  "add it to the member's guard-mac list if it is legitimate")	       \
	X(GUARD_IPV4, "guard_ipv4",					       \
	  "the member may not use this IPv4 source",			       \
	  "add it to the member's guard-ip list if it is legitimate")	       \
	X(GUARD_IPV6, "guard_ipv6",					       \
	  "the member may not use this IPv6 source",			       \
	  "add it to the member's guard-ip list if it is legitimate")	       \
	X(GUARD_ARP, "guard_arp",					       \
	  "an ARP message claims an address that the member may not use",      \
	  "add it to the member's guard lists if it is legitimate")	       \
	X(GUARD_ND, "guard_nd",						       \
	  "a neighbour discovery message claims an address that the member may not use", \
	  "add it to the member's guard lists if it is legitimate")	       \
	X(GUARD_DHCP, "guard_dhcp",					       \
	  "the member answers as a DHCP server",			       \
	  "set guard-dhcp off on the member if it is one")		       \
	X(GUARD_RA, "guard_ra",						       \
	  "the member sends router advertisements or redirects",	       \
	  "set guard-ra off on the member if it is a router")		       \
	X(BAD_HEADERS, "bad_headers",					       \
	  "its headers end early or make no sense, so no guard or rule can judge it", \
	  "look for a broken or hostile guest behind the member")	       \
	X(MAC_STICKY, "mac_sticky",					       \
	  "the source MAC is sticky on another member",			       \
	  "delete the sticky entry if the workload has moved")		       \
	X(RULE_EGRESS, "rule_egress",					       \
	  "an egress rule drops or rejects it",			       \
	  "see the hit counters of: rule show NETWORK")			       \
	X(POLICY_EGRESS, "policy_egress",				       \
	  "no egress rule decided and the network's egress policy is not allow", \
	  "add an egress rule that allows it")				       \
	X(FLOOD_RATE, "flood_rate",					       \
	  "the member has more frames flooded than its flood rate allows",     \
	  "look for a storm, or raise flood-rate on the member")	       \
	X(HAIRPIN, "hairpin",						       \
	  "the destination is behind the member that the frame came from",     \
	  "none, unless the member needs hairpin on")			       \
	X(ISOLATED, "isolated",						       \
	  "both members are isolated",					       \
	  "set isolated off on one of the two if they may talk")	       \
	X(NO_TARGET, "no_target",					       \
	  "no other member takes this frame",				       \
	  "none, unless a member lacks a flood switch")			       \
	X(COPY_FAILED, "copy_failed",					       \
	  "no memory to handle the frame or a copy of it",		       \
	  "free memory on the host")					       \
	X(QUEUE_EGRESS, "queue_egress",					       \
	  "the queue of the sender's egress class, or of its network, is full", \
	  "raise rate or queue of the class, or send less")		       \
	X(RULE_INGRESS, "rule_ingress",					       \
	  "an ingress rule drops or rejects it",			       \
	  "see the hit counters of: rule show NETWORK")			       \
	X(POLICY_INGRESS, "policy_ingress",				       \
	  "no ingress rule decided and the network's ingress policy is not allow", \
	  "add an ingress rule that allows it")				       \
	X(MTU, "mtu",							       \
	  "the frame is larger than the MTU of the target's interface",	       \
	  "give all interfaces of the network the same MTU")		       \
	X(INNER_TAG, "inner_tag",					       \
	  "a further VLAN tag would make it another network's behind the port", \
	  "none: it must not cross; give such traffic an 802.1ad member")      \
	X(PORT_DOWN, "port_down",					       \
	  "the target's interface is down",				       \
	  "ip link set NAME up")					       \
	X(QUEUE_INGRESS, "queue_ingress",				       \
	  "the queue of the target's ingress class, or of its network, is full", \
	  "raise rate or queue of the class, or send less")		       \
	X(TAG_FAILED, "tag_failed",					       \
	  "no memory to put the target's tag on the frame",		       \
	  "free memory on the host")					       \
	X(TRANSMIT, "transmit",						       \
	  "the target's interface did not take the frame",		       \
	  "see the interface's own drop counters: ip -s link show NAME")      \
	X(MEMBER_GONE, "member_gone",					       \
	  "the member or its network was removed while the frame was held",    \
	  "none")							       \
	X(CONNECTIONS, "connections",					       \
	  "it begins a connection, and the sender or its network has as many as it may", \
	  "look for a scan or a flood, or raise max-connections")	       \
	X(CONNECTION_RATE, "connection_rate",				       \
	  "it begins a connection, and the sender or its network begins too many a second", \
	  "look for a scan or a flood, or raise connection-rate")	       \
	X(STATE_FULL, "state_full",					       \
	  "nf_conntrack has no room for its connection",		       \
	  "raise net.netfilter.nf_conntrack_max, or lower max-connections of networks") \
	X(FRAGMENT_OVERLAP, "fragment_overlap",				       \
	  "fragments of its packet contradict each other, or it came twice",   \
	  "look for an attack on firewalls, or for a path that repeats packets") \
	X(FRAGMENT_LIMIT, "fragment_limit",				       \
	  "the sender or its network has too many incomplete packets waiting", \
	  "look for lost fragments or a flood of them; give the path one MTU")  \
	X(FRAGMENT_TIMEOUT, "fragment_timeout",				       \
	  "the rest of its packet did not come within 30 seconds",	       \
	  "look for lost fragments; give the path one MTU")		       \
	X(RECHECK, "recheck",						       \
	  "the rules would not let its connection begin any more",	       \
	  "none: rule recheck was to end such connections")		       \
	X(UPLINK_EGRESS, "uplink_egress",				       \
	  "its network sends more through the port it came from than its share allows", \
	  "raise the rate of the network's root class, or send less: share show") \
	X(UPLINK_INGRESS, "uplink_ingress",				       \
	  "its network sends more into the target's port than its share allows", \
	  "raise the rate of the network's root class, or send less: share show") \
	X(DELAY_EGRESS, "delay_egress",					       \
	  "it waited too long in the queue of the sender's egress class",      \
	  "none if the sender slows down; else raise rate or delays of the class") \
	X(DELAY_INGRESS, "delay_ingress",				       \
	  "it waited too long in the queue of the target's ingress class",     \
	  "none if senders slow down; else raise rate or delays of the class")  \
	X(PACKET_RATE_EGRESS, "packet_rate_egress",			       \
	  "the sender or its network sends more packets a second than it may", \
	  "look for a flood, or raise packet-rate-egress")		       \
	X(PACKET_RATE_INGRESS, "packet_rate_ingress",			       \
	  "the target or its network gets more packets a second than it may",  \
	  "look for a flood, or raise packet-rate-ingress")

/**
 * enum vnet_drop - drop reasons, made from VNET_DROP_REASONS()
 * @VNET_DROP_UNSPEC: not a reason; padding in DROPS nests
 */
#define __VNET_DROP_ENUM(name, text, cause, remedy) VNET_DROP_##name,
enum vnet_drop {
	VNET_DROP_UNSPEC,
	VNET_DROP_REASONS(__VNET_DROP_ENUM)

	__VNET_DROP_MAX,
	VNET_DROP_MAX = __VNET_DROP_MAX - 1
};

#undef __VNET_DROP_ENUM

#endif /* _UAPI_LINUX_VNET_H */
