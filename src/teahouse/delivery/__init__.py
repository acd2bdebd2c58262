"""From a committed entry to every reader: once, in order, over any number of reconnects. Knows no storage and no socket."""
