// Shows passwords where asked to, and how strong a new one seems. The server decides.
"use strict";

for (const choice of document.querySelectorAll("[data-reveals]")) {
  const fields = choice.dataset.reveals.split(" ").map((id) => document.getElementById(id));
  choice.parentElement.hidden = false;
  choice.addEventListener("change", () => {
    for (const field of fields) field.type = choice.checked ? "text" : "password";
  });
  choice.form.addEventListener("submit", () => {
    for (const field of fields) field.type = "password";
  });
}

// Length counts most; the same few letters again and again count little.
function strength(text) {
  const letters = [...text];
  const variety = new Set(letters).size / Math.max(letters.length, 1);
  const worth = letters.length * Math.min(1, variety + 0.3);
  return [6, 12, 16, 22].filter((bound) => worth >= bound).length;
}

for (const meter of document.querySelectorAll("[data-strength-of]")) {
  meter.parentElement.hidden = false;
  const field = document.getElementById(meter.dataset.strengthOf);
  field.addEventListener("input", () => { meter.value = strength(field.value); });
}
