// Offers the browser's own time zone where none was chosen yet. Without this the study's zone stands.
// Browsers may say a place's old name, such as Asia/Calcutta: its option knows it.
const select = document.querySelector("select[data-offer='browser']");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && zone) {
  const names = (option) => [option.value, ...(option.dataset.also ?? "").split(" ")];
  const own = [...select.options].find((option) => names(option).includes(zone));
  if (own) select.value = own.value;
}
