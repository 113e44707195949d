"""How fast mail goes out, beside a limit and a peer. See bench/README.md."""
