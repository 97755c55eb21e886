"""The coordinators' desk: what needs a hand, the coming weeks, numbers; sessions and rosters."""
