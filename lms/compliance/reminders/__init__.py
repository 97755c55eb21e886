"""Reminding employees and those who answer for them of a training that the law asks for."""
