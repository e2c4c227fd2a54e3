# Owns the commands that people type. What the module is made of is in Kbuild; `make` alone prints help.

KDIR   ?= /lib/modules/$(shell uname -r)/build
DESTDIR ?=
PREFIX ?= /usr/local
HOST   ?=
TESTS  ?=
KERNEL ?= 6.1
QUICK  ?=

help:
	@echo 'vnet: a virtual switch in the Linux kernel'
	@echo
	@echo '  make demo         two tenants with the same addresses on one uplink, in a guest (HOST=1: on this machine)'
	@echo '  make shell        the topology of the demo, then the vnetctl prompt'
	@echo '  make check        unit tests, and all selftests in a guest with the 6.1 kernel of Debian 12'
	@echo '  make check-all    style, unit tests, most selftests on the newest kernel and its debug variant, some on 6.1 and 6.12'
	@echo '  make check-fast   unit tests, and all selftests at native speed (User-Mode Linux)'
	@echo '  make check-vm     the tests of the guest runner scripts/vm itself'
	@echo '  make bench        what a frame costs, beside bridge, nftables and Open vSwitch (QUICK=1: a minute)'
	@echo '  make check-bench  the test of the benchmark'
	@echo '  make unit         only the unit tests'
	@echo '  make style        checkpatch, sparse, W=1, shellcheck, layers, UAPI header'
	@echo '  make modules      the module, for the kernel in KDIR'
	@echo '  make userspace    libvnet and vnetctl, into build/'
	@echo '  make install      module, vnetctl, libvnet, header, man pages, completion (uninstall takes them away)'
	@echo '  make clean        remove what was built in the tree'
	@echo
	@echo 'Variables:'
	@echo '  KDIR=DIR          kernel build directory (default: that of the running kernel)'
	@echo '  PREFIX=DIR        where install puts userspace (default /usr/local); DESTDIR=DIR goes in front of everything'
	@echo '  TESTS="a b"       only the selftests whose name contains one of these'
	@echo '  KERNEL=K          the guest kernel of demo and shell: 6.1, 6.12, uml or uml-debug'
	@echo '  VERBOSE=1         show the whole output of checks'
	@echo '  VNET_CACHE=DIR    where kernels and guest files are kept (default ~/.cache/vnet)'

ifeq ($(HOST),1)
demo shell: deps modules userspace
	@grep -q '^vnet ' /proc/modules || { modprobe nf_conntrack && insmod build/module/vnet.ko && \
		echo 'The module is loaded now and stays so; rmmod vnet takes it away.'; }
	@scripts/demo $(if $(filter shell,$@),--shell)
else
demo shell: deps
	@scripts/vm --quiet --kernel $(KERNEL) -- scripts/demo $(if $(filter shell,$@),--shell)
endif

deps:
	@scripts/deps all

check:
	@VNET_TESTS='$(TESTS)' scripts/check unit cost 6.1

check-all:
	@VNET_TESTS='$(TESTS)' scripts/check all

check-fast:
	@VNET_TESTS='$(TESTS)' scripts/check unit uml

check-vm:
	@scripts/check vm

check-bench:
	@scripts/check bench

bench: deps
	@scripts/bench $(if $(QUICK),--quick)

unit:
	@scripts/check unit

style:
	@scripts/check-style

# The module is built in a copy: the tree stays clean, and build/ has the result.
modules:
	@test -d '$(KDIR)' || { echo "There are no kernel headers in $(KDIR). Install linux-headers-$$(uname -r), or set KDIR."; exit 1; }
	@mkdir -p build/module
	@rsync -a kmod include Kbuild build/module/
	$(MAKE) -C '$(KDIR)' M='$(CURDIR)/build/module' modules
	@echo 'The module is build/module/vnet.ko'

userspace:
	@$(MAKE) --no-print-directory -C userspace

# userspace/ installs the header too; the module goes where modules of other origin go.
install: modules userspace
	$(MAKE) -C '$(KDIR)' M='$(CURDIR)/build/module' INSTALL_MOD_PATH='$(DESTDIR)' modules_install
	@$(MAKE) --no-print-directory -C userspace install DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)'

uninstall:
	rm -f $(foreach dir,updates extra,'$(DESTDIR)'/lib/modules/*/$(dir)/vnet.ko*)
	@$(MAKE) --no-print-directory -C userspace uninstall DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)'

clean:
	rm -rf build

.PHONY: help demo shell deps check check-all check-fast check-vm check-bench bench unit style modules userspace install uninstall clean
