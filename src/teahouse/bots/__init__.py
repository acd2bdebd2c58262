"""Programs that read and speak like people: the robot of the house. They see what any member sees and go through `Chat`."""

NAME = "小小鸟 Birdie"
"""The robot's name; it listens to each half of it as well."""

NAMES = (*NAME.split(), "小小鳥")
"""What nobody else is called, in either script of Chinese."""
