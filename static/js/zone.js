// Offers the browser's own time zone where none was chosen yet. Without this the study's zone stands.
const select = document.querySelector("select[data-offer='browser']");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && zone && [...select.options].some((option) => option.value === zone)) {
  select.value = zone;
}
