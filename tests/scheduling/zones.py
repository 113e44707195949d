"""Every zone of the pinned tzdata, old names and all."""

from zoneinfo import available_timezones

from hypothesis import strategies as st

ALL_ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
