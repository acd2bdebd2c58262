"""`python -m teahouse` is the same as `teahouse`."""

from teahouse.cli import main

main()
