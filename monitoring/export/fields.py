"""Every stored field, and whether it leaves the platform: a table to read, and for a test.

`exported` says in which columns; “x_at_*” stands for the two columns of a moment, in UTC and local.
`private` says who somebody is, or is in somebody's own words, which may: no export reads it, and
of the pages none shows who somebody is without that right. `internal` says nothing about a person
that is not exported already, or is what the platform runs on.

A field that is not here fails a test, so whoever adds one decides. Those of the libraries are here
too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Fields:
    exported: Mapping[str, str] = field(default_factory=dict)
    private: str = ""
    internal: str = ""


TABLE: dict[str, Fields] = {
    "courses.Course": Fields(internal="id slug title summary language licence authorship"),
    "courses.Edition": Fields(
        exported={
            "number": "enrolments.edition sessions.edition plays.edition engagement.edition "
            "practice.edition",
        },
        internal="id course state content_hash created_at edited_at published_at",
    ),
    "courses.Module": Fields(
        exported={
            "week": "enrolments.weeks sessions.week plays.week engagement.week practice.week",
        },
        internal="id edition title aim introduction practice",
    ),
    "courses.Companion": Fields(internal="id edition kind title body"),
    "courses.Material": Fields(
        exported={
            "key": "plays.material engagement.material practice.material",
            "kind": "plays.material_kind",
            "duration": "plays.material_duration sessions.seconds_covered",
        },
        internal="id module position title summary body file file_size captions poster transcript "
        "chapters alternative_to",
    ),
    "courses.StoredFile": Fields(internal="id name"),
    "studies.Study": Fields(
        exported={
            "default_zone": "enrolments.zone consent.zone erased.zone deviations.zone",
        },
        internal="id slug public_name neutral_name purpose state edition institution "
        "ethics_reference lead_name contact_email complaints_contact recruiting_from "
        "recruiting_until capacity nudges access_months retention_until deletion_cutoff",
    ),
    "studies.Arm": Fields(exported={"key": "enrolments.arm"}, internal="id study name"),
    "studies.Document": Fields(
        exported={
            "kind": "consent.document",
            "version": "consent.version enrolments.information_version",
        },
        internal="id study title body state requires_new_consent published_at",
    ),
    "studies.ConsentStatement": Fields(
        exported={
            "key": "consent.statement",
            "text": "consent.words",
            "required": "consent.required",
        },
        internal="id document position",
    ),
    "studies.EligibilityCriterion": Fields(
        internal="id study key question hint why yes_label no_label admits_yes declined_text "
        "way_out position",
    ),
    "studies.ScreeningTally": Fields(
        exported={
            "source": "screening.source",
            "day": "screening.day",
            "unmet": "screening.unmet screening.outcome",
            "count": "screening.screenings",
        },
        internal="id study",
    ),
    "participants.User": Fields(
        private="email password",
        internal="id last_login is_superuser is_staff is_active date_joined address_changed_at "
        "address_failed_at address_heard_at groups user_permissions",
    ),
    "participants.Enrolment": Fields(
        exported={
            "code": "enrolments.code consent.code demographics.code sessions.code plays.code "
            "engagement.code practice.code prompts.code changes.code deviations.code erased.code",
            "is_test": "enrolments.is_test consent.is_test demographics.is_test sessions.is_test "
            "plays.is_test engagement.is_test practice.is_test prompts.is_test "
            "changes.is_test deviations.is_test erased.is_test",
            "source": "enrolments.source",
            "status": "enrolments.status",
            "arm": "enrolments.arm",
            "allocated_at": "enrolments.allocated_at_*",
            "consented_at": "enrolments.consented_at_*",
            "information": "enrolments.information_version",
            "edition": "enrolments.edition",
            "demographics_at": "enrolments.demographics_at_*",
            "day_chosen_at": "enrolments.day_chosen_at_*",
            "last_use_at": "enrolments.last_use_*",
            "withdrawn_at": "enrolments.withdrawn_at_*",
            "withdrawal": "enrolments.withdrawal",
            "withdrawal_since": "enrolments.withdrawal",
            "erasure_requested_at": "erased.records_deleted_at_*",
            "erased_at": "enrolments.identity_erased_at_*",
        },
        private="user withdrawal_reason",
        # Looking in is no use of the training, and only the last time is kept. How many weeks were
        # opened and taken part in is counted anew, as it was by the cut.
        internal="id study link_version last_seen_at weeks_opened weeks_taken_part",
    ),
    "participants.ConsentAnswer": Fields(
        exported={
            "statement": "consent.statement",
            "agreed": "consent.agreed",
            "method": "consent.method",
            "answered_at": "consent.answered_at_*",
        },
        private="recorded_by taken_by",
        internal="id enrolment",
    ),
    "participants.ConsentSignature": Fields(
        private="typed_name", internal="id enrolment document signed_at"
    ),
    "participants.Demographics": Fields(
        exported={
            "age_answered": "demographics.age_answered",
            "age": "demographics.age",
            "gender_answered": "demographics.gender_answered",
            "gender": "demographics.gender",
            "ethnicity_answered": "demographics.ethnicity_answered",
            "ethnicity": "demographics.ethnicity",
            "education_answered": "demographics.education_answered",
            "education": "demographics.education",
        },
        private="gender_own_words ethnicity_own_words",
        internal="id enrolment",
    ),
    "participants.Session": Fields(
        exported={
            "opens_at": "sessions.opens_at_*",
            "first_opened_at": "sessions.first_opened_at_* sessions.opened sessions.offered "
            "enrolments.weeks_opened",
            "finished_at": "sessions.finished_at_* sessions.finished",
            "took_part_at": "sessions.took_part_at_* sessions.took_part "
            "enrolments.weeks_took_part enrolments.completed_training",
            "measurable_since": "sessions.playback_measurable",
        },
        internal="id enrolment module playback_measurable",
    ),
    # Coverage is worked out anew from the playings that had been reported by the cut.
    "participants.MediaProgress": Fields(
        internal="id session material ranges seconds position app_version updated_at"
    ),
    "participants.Play": Fields(
        exported={
            "uuid": "sessions.plays",
            "started_at": "plays.started_at_*",
            "position": "plays.position sessions.seconds_covered",
            "seconds": "plays.seconds sessions.seconds_played",
            "speed": "plays.speed",
            "app_version": "plays.app_version",
            "received_at": "plays.received_at_*",
        },
        internal="session material",
    ),
    "participants.Engagement": Fields(
        exported={
            "kind": "engagement.kind",
            "at": "engagement.at_*",
            "app_version": "engagement.app_version",
        },
        internal="uuid session material",
    ),
    "participants.PracticeLog": Fields(
        exported={
            "activity": "practice.activity",
            "practised_on": "practice.practised_on",
            "noted_at": "practice.noted_at_*",
            "app_version": "practice.app_version",
        },
        internal="uuid session material",
    ),
    "participants.Invitation": Fields(
        exported={
            "invited_at": "enrolments.invited_at_*",
            "ended_at": "enrolments.invitation_ended_at_*",
            "ending": "enrolments.invitation_ending",
            "disowned_at": "enrolments.disowned_at_*",
        },
        private="invited_by",
        # A day spoken of is a proposal. The day that was chosen is in prompts.csv, mail by mail.
        internal="id enrolment weekday local_time zone joined_at",
    ),
    "participants.DoNotInvite": Fields(private="digest", internal="id at"),
    "participants.StudyResearcher": Fields(internal="id user study sees_identity sees_arm manages"),
    "scheduling.Wording": Fields(
        exported={"version": "prompts.wording"},
        internal="id study kind subject heading body button created_at",
    ),
    "scheduling.Prompt": Fields(
        exported={
            "kind": "prompts.kind deviations.mail",
            "occurrence": "prompts.week deviations.week",
            "copy": "prompts.copy",
            "due_at": "prompts.due_at_utc deviations.planned_at_* deviations.hours",
            "local_date": "prompts.due_at_local deviations.planned_at_*",
            "local_time": "prompts.due_at_local deviations.planned_at_*",
            "zone": "prompts.zone sessions.zone plays.zone engagement.zone practice.zone "
            "deviations.zone",
            "state": "prompts.state deviations.deviation sessions.offered",
            "reason": "prompts.reason deviations.reason",
            "attempts": "prompts.attempts",
            "attempted_at": "prompts.attempted_at_* deviations.happened_at_*",
            "sent_at": "prompts.sent_at_* deviations.happened_at_*",
            "bounced_at": "prompts.bounced_at_* deviations.happened_at_*",
            "complained_at": "prompts.complained_at_* deviations.happened_at_*",
            "settled_at": "prompts.settled_at_* deviations.happened_at_*",
        },
        internal="id enrolment next_attempt_at sending_since message_id wording",
    ),
    # The plan as it stands. What was planned and sent is in prompts.csv, what changed in
    # changes.csv.
    "scheduling.Rhythm": Fields(
        internal="id enrolment weekday local_time zone first_date paused_until before_break "
        "mail_off_since",
    ),
    "scheduling.PlanChange": Fields(
        exported={
            "kind": "changes.change",
            "by": "changes.by",
            "at": "changes.changed_at_*",
            "weekday": "changes.weekday",
            "local_time": "changes.local_time",
            "zone": "changes.zone",
            "until": "changes.break_until",
        },
        internal="id enrolment",
    ),
    "scheduling.Heartbeat": Fields(internal="name beat_at"),
    "scheduling.MailSender": Fields(internal="id stopped_at reason retry_at refusal refusals"),
    "scheduling.Alarm": Fields(internal="id began_at raised_at well_at cleared_at reason"),
    "scheduling.AlarmMail": Fields(
        private="address", internal="id alarm says made_at next_try_at sent_at"
    ),
    "scheduling.Bookmark": Fields(internal="name next_attempt_at prompt_id"),
    "monitoring.StaffAction": Fields(
        exported={
            "kind": "deviations.deviation",
            "at": "deviations.happened_at_* enrolments.allocated_at_*",
            # The arm that somebody was in before they were put into another.
            "details": "enrolments.arm",
        },
        # Why is in somebody's own words, and may name a person.
        private="why",
        internal="id study enrolment by",
    ),
    "monitoring.AccessLog": Fields(private="why", internal="id by enrolment at"),
    "account.EmailAddress": Fields(private="user email", internal="id verified primary"),
    "account.EmailConfirmation": Fields(private="key", internal="id email_address created sent"),
    "mfa.Authenticator": Fields(private="data", internal="id user type created_at last_used_at"),
    # What was typed on the way into a study waits here, the address too: for its own visit alone.
    "sessions.Session": Fields(internal="session_key session_data expire_date"),
    "admin.LogEntry": Fields(
        private="object_repr change_message",
        internal="id action_time user content_type object_id action_flag",
    ),
    "auth.Permission": Fields(internal="id name content_type codename"),
    "auth.Group": Fields(internal="id name permissions"),
    "contenttypes.ContentType": Fields(internal="id app_label model"),
}
