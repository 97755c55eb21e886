"""Changes to trainings: freezing versions (here), access (services.access, services.requests)."""

from lms.trainings.services.versions import freeze, identify, put_in_force

__all__ = ["freeze", "identify", "put_in_force"]
