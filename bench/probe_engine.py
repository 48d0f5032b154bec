"""The probe's engine without judging and output, beside a bare OpenSSL loop that speaks the same dialogs to the same servers.

TRUENAME_BENCH_TARGETS changes the number of targets (10,000).
"""
from lists import CHAINS, COUNT, Server, bare
from measuring import BUILD, Run

for figure, chains in (("probe-engine.cpu", CHAINS), ("probe-engine.cpu-one-chain", 1)):
    with Server(chains) as server:
        peer, ours = bare(server, COUNT), Run([BUILD / "probe_client", "500", "127.0.0.1"], text=server.lines(COUNT))
        print(f"{figure}: {ours.cpu / COUNT * 1e6:.0f} us CPU a target ({ours.wall:.1f} s), bare loop {peer.cpu / COUNT * 1e6:.0f} us ({peer.wall:.1f} s)")
        print(figure, ours.cpu / peer.cpu if ours.code == 0 else "failed")
