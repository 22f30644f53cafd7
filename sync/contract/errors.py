"""Error codes of the contract: HTTP status of a refused request, and the codes a record is rejected with.

Their sentences lie in ``resources/i18n/<language>/contract.json`` under ``error.CODE``.
"""

from __future__ import annotations

# A refused request: nothing of it took effect.
HTTP_STATUS: dict[str, int] = {
    "REQUEST_MALFORMED": 400,
    "CONTRACT_UNKNOWN": 400,
    "CURSOR_AHEAD": 409,
    "TOKEN_MISSING": 401,
    "TOKEN_INVALID": 401,
    "TOKEN_EXPIRED": 401,
    "CHALLENGE_INVALID": 401,
    "SIGNATURE_INVALID": 403,
    "DEVICE_UNKNOWN": 403,
    "DEVICE_REVOKED": 403,
    "DEVICE_CODE_INVALID": 403,
    "DEVICE_CODE_EXPIRED": 403,
    "INSTITUTION_FOREIGN": 403,
    "DEMO_REFUSED": 403,
    "BATCH_UNKNOWN": 404,
    "RECEIPT_NOT_READY": 404,
    "STREAM_UNKNOWN": 404,
    "ENDPOINT_UNKNOWN": 404,
    "METHOD_NOT_ALLOWED": 405,
    "DEVICE_KNOWN": 409,
    "BATCH_DIFFERS": 409,
    "BATCH_SUPERSEDED": 409,
    "REPORT_VERSION_TAKEN": 409,
    "REPORT_BASE_DIFFERS": 409,
    "PAGE_OUT_OF_ORDER": 409,
    "PAGE_ALTERED": 422,
    "PAGE_MALFORMED": 422,
    "MANIFEST_MALFORMED": 422,
    "BODY_TOO_LARGE": 413,
    "PLATFORM_BUSY": 503,
    "PLATFORM_FAILED": 500,
}

# Why a record stays out, beside the problems of documents and numbers that the checks in
# ``desktop_app.domain`` (identity, certificates) list.
RECORD_CODES: frozenset[str] = frozenset(
    {
        "FIELD_MISSING",
        "FIELD_WRONG_TYPE",
        "FIELD_NOT_IN_LIST",
        "FIELD_WRONG_FORM",
        "FIELD_TOO_LONG",
        "FIELD_OUT_OF_RANGE",
        "KEY_WRONG_LENGTH",
        "KIND_NOT_IN_REPORT",
        "CORRECTION_REASON_MISSING",
        "PARENT_MISSING",
        "PARENT_REJECTED",
        "CLASS_NOT_OF_REPORT",
        "CLASS_DATES_REVERSED",
        "PROJECT_NOT_PUBLISHED",
        "PLANNED_HOURS_TOO_FEW",
        "DOCUMENT_NOT_NORMALISED",
        "DOCUMENT_TWICE",
        "BIRTH_DIFFERS",
        "SEX_DIFFERS",
        "ENROLMENT_GROUP_MISSING",
        "PERIOD_REVERSED",
        "PERIODS_OVERLAP",
        "SESSION_TIMES_REVERSED",
        "MARK_OUTSIDE_MEMBERSHIP",
        "MARK_BEFORE_SESSION",
        "LOST_HOURS_TOO_MANY",
        "PASS_MARK_TOO_HIGH",
        "COMPONENT_TWICE",
        "COMPONENT_NOT_IN_SCHEME",
        "SCORE_OUT_OF_RANGE",
        "SCORE_WITHOUT_VALUE",
        "SCORE_IN_FUTURE",
        "CONCLUSION_NOT_BY_RULE",
        "NOT_PASSED",
        "CERTIFICATE_TOO_EARLY",
        "CERTIFICATE_IN_FUTURE",
        "CERTIFICATE_NOT_NORMALISED",
        "CERTIFICATE_NUMBER_USED",
        "CERTIFICATE_NUMBER_TAKEN",
    }
)
