"""How a facility begins here: which place, whether the law is for it, who asks to manage it."""
