# Ethernet, the network behind it, and the hash engine.
# SPDX-License-Identifier: MIT
tern_test(NAME test_phy SOURCES test_phy.c LIBS emu)
tern_test(NAME test_dcp SOURCES test_dcp.c LIBS emu_test_soc)
tern_test(NAME test_enet SOURCES test_enet.c enet_bench.c enet_driver.c
          LIBS emu_test_soc)
tern_test(NAME test_enet_rx SOURCES test_enet_rx.c enet_bench.c enet_driver.c
          LIBS emu_test_soc)
tern_test(NAME test_pcap SOURCES test_pcap.c LIBS emu)
tern_test(NAME test_net_rules SOURCES test_net_rules.c LIBS emu)
tern_test(NAME test_net_filter SOURCES test_net_filter.c guest_frames.c
          LIBS emu)
tern_test(NAME test_net_slirp
          SOURCES test_net_slirp.c enet_driver.c guest_frames.c
          LIBS emu_test_soc)
