"""Who asks to manage a facility: letters to send, licenses to look at, yes or no."""
