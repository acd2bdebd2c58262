"""One file that holds a whole house: made while it runs, put back while it does not. Knows the folder and its database, no server."""
