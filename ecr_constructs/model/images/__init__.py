"""Images: how one is named, and the commands that move one."""
