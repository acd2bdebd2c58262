"""The doors: bytes of some wire on one side, Chat and delivery on the other."""
