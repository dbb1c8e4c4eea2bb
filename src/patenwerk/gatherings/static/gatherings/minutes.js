/* Writing minutes with others: the field takes over what others wrote while nobody types in it and
   nothing in it waits to be saved. Without this file the same text is one link away. */
(function () {
  "use strict";
  var form = document.querySelector("[data-writing]");
  if (!form) return;
  var field = form.querySelector("textarea[name=text]");
  var saved = field.value; // what the server has of this field
  var sent = null;

  document.body.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt === form) sent = field.value;
  });
  document.body.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.elt !== form) return;
    // A refusal comes without a new version: then the words in the field are not saved.
    var answer = event.detail.xhr ? event.detail.xhr.responseText : "";
    if (event.detail.successful && answer.indexOf('name="base_version"') >= 0) saved = sent;
    sent = null;
  });

  function takeOver() {
    var current = document.querySelector("[data-current]");
    var base = form.querySelector("[name=base_version]");
    if (!current || !base || sent !== null) return;
    if (field.value !== saved || document.activeElement === field) return;
    if (current.value === field.value) return;
    field.value = saved = current.value;
    base.value = current.dataset.current;
  }
  document.body.addEventListener("htmx:afterSettle", takeOver);
  field.addEventListener("blur", takeOver);
})();
