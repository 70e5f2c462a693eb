import { effect } from "@preact/signals";
import { h, render } from "preact";
import "./style/index.css";
import "./state/live";
import { t } from "./i18n";
import { unseenCount } from "./state/numbers";
import { resume } from "./state/session";
import { App } from "./views/App";
import { listenToKeys } from "./views/keys";

effect(() => {
  document.title = unseenCount.value > 0 ? `(${unseenCount.value}) ${t("title")}` : t("title");
});

const place = document.getElementById("app");
// What was shown while the script was on its way.
place?.replaceChildren();
if (place) render(<App />, place);
listenToKeys();
resume();
