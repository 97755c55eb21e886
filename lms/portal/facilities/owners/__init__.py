"""Companies and their facilities: the list, founding one, handing a facility over."""
