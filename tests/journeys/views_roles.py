"""The people of the demo who try every view (test_every_view), by letter."""

ROLES = {
    "A": None,  # nobody signed in
    "s": "stranger@example.org",  # signed in, no role, no row of their own
    "l": "learner@example.org",  # owns the enrolment asked for
    "c": "coordinator@example.org",  # of the office that owns the session and the course
    "m": "manager@example.org",  # of the hotel asked for
    "x": "lakeside@example.org",  # manager of another hotel
    "o": "company@example.org",  # of the company the hotel belongs to
    "i": "liaison@example.org",  # of the agency asked for
    "r": "reviewer@example.org",  # of the state: sees totals, and no person without a ground
    "a": "admin@example.org",
    "d": None,  # a worker at a shared device of that hotel, who has one course and no more
    "g": None,  # a guest, who takes a course without an account: signed out everywhere else
}
ALL = "Aslcmxoirag"
SIGNED_IN = "slcmxoira"
AND_WORKERS = "Aslcmxoiradg"
