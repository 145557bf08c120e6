"""Speed and cost, each next to a peer in the same run. Start with `python -m benchmarks.run`."""
