"""What each verb of the command line does: options in, text and an exit code out."""
