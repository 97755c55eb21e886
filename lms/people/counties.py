"""New York's 62 counties, for forms and reports; the City's five with their borough."""

_NAMES = """
Albany Allegany Bronx Broome Cattaraugus Cayuga Chautauqua Chemung Chenango Clinton Columbia
Cortland Delaware Dutchess Erie Essex Franklin Fulton Genesee Greene Hamilton Herkimer Jefferson
Kings Lewis Livingston Madison Monroe Montgomery Nassau New_York Niagara Oneida Onondaga Ontario
Orange Orleans Oswego Otsego Putnam Queens Rensselaer Richmond Rockland St._Lawrence Saratoga
Schenectady Schoharie Schuyler Seneca Steuben Suffolk Sullivan Tioga Tompkins Ulster Warren
Washington Wayne Westchester Wyoming Yates
"""
_BOROUGHS = {"Kings": "Brooklyn", "New York": "Manhattan", "Richmond": "Staten Island"}
COUNTIES = tuple(name.replace("_", " ") for name in _NAMES.split())


def county_label(county: str) -> str:
    """As people know it: "Kings (Brooklyn)"."""
    borough = _BOROUGHS.get(county)
    return f"{county} ({borough})" if borough else county
