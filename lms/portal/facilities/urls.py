"""Addresses of the facilities' pages."""

from django.urls import path

from lms.portal.facilities import (
    views,
    views_changes,
    views_devices,
    views_exempt,
    views_groups,
    views_packet,
    views_people,
    views_record,
    views_sign,
)
from lms.portal.facilities.duties.urls import patterns as duty_patterns
from lms.portal.facilities.owners.urls import patterns as owner_patterns
from lms.portal.facilities.proofs.urls import patterns as proof_patterns
from lms.portal.facilities.retention.urls import patterns as retention_patterns
from lms.portal.facilities.roster.urls import patterns as roster_patterns
from lms.portal.facilities.start.urls import patterns as start_patterns
from lms.portal.facilities.worksheets.urls import patterns as worksheet_patterns

app_name = "facilities"
urlpatterns = [
    path("", views.home, name="home"),
    *owner_patterns(),
    *start_patterns(),
    *roster_patterns(),
    *worksheet_patterns(),
    *proof_patterns(),
    *duty_patterns(),
    *retention_patterns(),
    path("<slug:key>/", views.facility, name="facility"),
    path("<slug:key>/about/", views.about, name="about"),
    path("<slug:key>/devices/", views_devices.devices, name="devices"),
    path("<slug:key>/devices/<int:pk>/remove/", views_devices.remove_device, name="device_remove"),
    path("<slug:key>/start-codes/", views_devices.start_codes, name="start_codes"),
    path("<slug:key>/people/<int:pk>/start-code/", views_devices.start_code, name="start_code"),
    path("<slug:key>/groups/", views_groups.groups, name="groups"),
    path("<slug:key>/groups/new/", views_groups.log, name="group_new"),
    path("<slug:key>/groups/<int:pk>/", views_groups.group, name="group"),
    path("<slug:key>/today/", views_record.today, name="today"),
    path("<slug:key>/record/", views_record.record, name="record"),
    path("<slug:key>/record.csv", views_record.record_csv, name="record_csv"),
    path("<slug:key>/packets/", views_packet.packets, name="packets"),
    path("<slug:key>/packets/<uuid:packet>/", views_packet.packet, name="packet"),
    path("<slug:key>/packets/<uuid:packet>.zip", views_packet.packet_file, name="packet_file"),
    path("<slug:key>/packets/links/<int:pk>/end/", views_packet.link_end, name="link_end"),
    path("<slug:key>/sign/", views_sign.choose, name="sign"),
    path("<slug:key>/sign/confirm/", views_sign.confirm, name="sign_confirm"),
    path("<slug:key>/people/add/", views_people.add, name="add"),
    path("<slug:key>/people/<int:pk>/", views_people.employee, name="employee"),
    path("<slug:key>/people/<int:pk>/post/", views_people.post, name="post"),
    path("<slug:key>/people/<int:pk>/exempt/", views_exempt.exempt, name="exempt"),
    path("<slug:key>/people/<int:pk>/correct/", views_changes.correct, name="correct"),
    path(
        "<slug:key>/people/<int:pk>/posts/<int:period>/correct/",
        views_changes.correct_a_post,
        name="correct_post",
    ),
    path("<slug:key>/people/<int:pk>/again/", views_changes.again, name="again"),
    path("<slug:key>/people/<int:pk>/move/", views_changes.move, name="move"),
    path("<slug:key>/people/<int:pk>/leaving/", views_people.leaving, name="leaving"),
    path("<slug:key>/people/<int:pk>/leaving/undo/", views_people.undo_leaving, name="undo"),
]
