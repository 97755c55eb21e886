"""Completions that other systems kept: from a table to facts, with everything doubtful shown first.

`columns` knows what a table's columns mean, `values` reads a row; in `services`, `matching` finds
people and trainings, `work` goes through a file in the background, `office` is what a coordinator
does.
"""
