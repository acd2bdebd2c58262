"""The words on a wire, one file per dialect: raw bytes to a command, an event to bytes. Pure."""
