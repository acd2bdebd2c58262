"""`teahouse doctor`: looks at an installation or at a running server, says what is wrong and the line that mends it.

Steps find (`machine`, `house`, `road`, `passing`, `handshake`, `flow`), `remedies` knows the lines, `lessons` explains, `show` prints.
Nothing here is loaded unless the command is called.
"""
