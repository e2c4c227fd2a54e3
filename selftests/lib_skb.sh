# SPDX-License-Identifier: GPL-2.0-only
# lib_skb.sh: a tap whose writer decides which bytes of a frame lie where in memory, for selftests. Sourced behind lib.sh.
# shellcheck shell=bash
#
#   t (this test, at the file side of a tap)   h2            h3
#   tap0 |                                  p2 |          p3 |
#   +----o-------------------------------------o-------------o---+
#   |                        network red                         |
#   +------------------------------------------------------------+
#
# With IFF_NAPI_FRAGS the writer decides which bytes are in which fragment.

T=02:00:00:00:00:07

setup()
{
	local p

	modprobe -q tun
	busywait 5 test -c /dev/net/tun || skip "no tap devices"
	ip tuntap add dev vttap0 mode tap || skip "no tap devices"
	defer ip link del vttap0
	ip link set vttap0 up
	host h2 p2 02:00:00:00:00:02
	host h3 p3 02:00:00:00:00:03
	# shellcheck disable=SC2034
	ENDPOINTS[t]=t=tap:vttap0:frags%$T
	vq port add vttap0
	for p in p2 p3; do
		vq port add $p
	done
}

red_network()
{
	local p

	with_network red "$@"
	for p in vttap0 p2 p3; do
		vq member add $p network red
	done
	vq fdb add red 02:00:00:00:00:02 dev p2
	vq fdb add red $T dev vttap0
}

# Where a frame is cut in two, or three.
SPLITS="14 15 16 17 18 19 20 22 24 26 28 30 32 33 34 35 36 37 38 40 42 44 46 48 50 52 53 54 55 56 57 58 60 62 64 66 70 74
	14.1 14.4 14.6.1 14.20 14.20.8 14.19.1 14.40 18.16 20.14 34.1.1 33.2 54.3 55.1"

# all_splits SPEC EXPECTATION: as whole frame and with every split; sets SPECS
all_splits()
{
	local s

	SPECS=("from=t,$1,x=$2")
	for s in $SPLITS; do
		SPECS+=("from=t,$1,split=$s,x=$2")
	done
}
