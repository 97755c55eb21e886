"""Who gets into the pages of facilities, shared devices and inspections (test_every_view)."""

from tests.journeys.views_roles import ALL, AND_WORKERS, SIGNED_IN

OF_LODGING = {
    "device:home": AND_WORKERS,
    "device:start": "",  # without a device, or signed in on it: led to where one signs in
    "device:begin": AND_WORKERS,  # only takes a POST
    "device:switch": AND_WORKERS,  # only takes a POST
    "device:confirm": AND_WORKERS,  # only takes a POST
    "facilities:start": ALL,
    "facilities:start_kind": ALL,
    "facilities:start_answer": ALL,
    "facilities:start_claim": SIGNED_IN,
    "facilities:claim_code": SIGNED_IN,
    "facilities:claim": "",  # no such claim
    "facilities:claim_withdraw": ALL,  # only takes a POST
    "facilities:requests": "moa",
    "facilities:proofs": "moa",
    "facilities:proof_new": "moa",
    "facilities:proof": "",  # no such proof
    "facilities:proof_file": "",
    "facilities:proof_out": ALL,  # only takes a POST
    "facilities:programs": "moa",
    "facilities:worksheet_new": "moa",
    "facilities:worksheet": "",  # no such worksheet
    "facilities:worksheet_edit": "",
    "facilities:worksheet_send": ALL,  # only takes a POST
    "facilities:worksheet_back": ALL,  # only takes a POST
    "facilities:worksheet_drop": ALL,  # only takes a POST
    "facilities:worksheet_material": "",
    "facilities:worksheet_paper": "",
    "facilities:attest": "",  # a forged link
    "facilities:attest_words": "",
    "facilities:attest_decline": "",
    "facilities:attest_material": "",
    "facilities:attest_paper": "",
    "facilities:groups": "moa",
    "facilities:group_new": "moa",
    "facilities:group": "",  # no such training
    "facilities:devices": "moa",
    "facilities:device_remove": ALL,  # only takes a POST
    "facilities:start_codes": "moa",
    "facilities:start_code": "moa",
    "facilities:home": ALL,
    "facilities:company": "oa",
    "facilities:company_programs": "oa",
    "facilities:given_away": SIGNED_IN,
    "facilities:last_packet": "",  # nothing was handed over
    "facilities:handover_answer": "",  # a forged link
    "facilities:found_company": "",  # it has one
    "facilities:handover": "o",
    "facilities:handover_back": ALL,  # only takes a POST
    "facilities:facility": "moa",
    "facilities:about": "moa",
    "facilities:license": "moa",
    "facilities:overnight": "moa",
    "facilities:house": "moa",
    "facilities:house_end": ALL,  # only takes a POST
    "facilities:company_house": "oa",
    "facilities:company_house_end": ALL,  # only takes a POST
    "facilities:cards": "moa",
    "facilities:cards_check": "moa",
    "facilities:cards_photo": "",  # no such photo
    "facilities:today": "moa",
    "facilities:record": "moa",
    "facilities:record_csv": "moa",
    "facilities:packets": "moa",
    "facilities:packet": "moa",
    "facilities:packet_file": "moa",  # led to its page: it is not made yet
    "facilities:link_end": ALL,  # only takes a POST
    "facilities:retention": "moa",
    "facilities:retention_confirm": "moa",
    "facilities:hold_new": "moa",
    "facilities:hold_end": "",  # no such hold
    "facilities:sign": "moa",
    "facilities:sign_confirm": "moa",
    "facilities:add": "moa",
    "facilities:employee": "moa",
    "facilities:post": "moa",
    "facilities:leaving": "moa",
    "facilities:correct": "moa",
    "facilities:exempt": "moa",
    "facilities:correct_post": "",  # no such post
    "facilities:again": "",  # works here
    "facilities:move": "oa",  # who answers for another facility of the company too
    "facilities:undo": ALL,  # only takes a POST, and says so to everybody
    "review:totals": "r",  # not even the administrator: who looks for the state holds the role
    "review:table": "r",
    "review:samples": "r",
    "review:sample_new": "r",
    "review:sample": "",  # nothing was drawn
    "review:item": "",
    "review:material": "",
    "review:records": "r",
    "review:open": "r",
    "review:record": "",  # nobody opened one
    "review:scan": "",
    "review:paper": "",
    "inspection:check": ALL,
    "inspection:keys": ALL,
    "inspection:key": ALL,
    "inspection:link": "",  # no such link
    "inspection:link_packet": "",
    "facilities:roster": "moa",
    "facilities:roster_list": "",  # no such list
    "facilities:roster_columns": "",
    "facilities:roster_titles": "",
    "facilities:roster_answers": ALL,  # only takes a POST
    "facilities:roster_row": "",
    "facilities:roster_confirm": ALL,  # only takes a POST
    "facilities:roster_undo": ALL,  # only takes a POST
    "facilities:roster_drop": ALL,  # only takes a POST
    "facilities:company_roster": "oa",
    "facilities:company_roster_list": "",
    "facilities:company_roster_columns": "",
    "facilities:company_roster_titles": "",
    "facilities:company_roster_answers": ALL,  # only takes a POST
    "facilities:company_roster_row": "",
    "facilities:company_roster_confirm": ALL,  # only takes a POST
    "facilities:company_roster_undo": ALL,  # only takes a POST
    "facilities:company_roster_drop": ALL,  # only takes a POST
}
