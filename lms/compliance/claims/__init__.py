"""Claims to manage a facility: asked, shown to be true in one of three ways, answered."""
