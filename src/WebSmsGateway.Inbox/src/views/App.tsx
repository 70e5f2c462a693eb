import { h, Fragment } from "preact";
import { announcement } from "../state/copying";
import { session } from "../state/session";
import { Inbox } from "./Inbox";
import { SignIn } from "./SignIn";

export function App() {
  const { text, id } = announcement.value;
  return (
    <>
      {session.value ? <Inbox /> : <SignIn />}
      <p class={text ? "toast" : "toast empty"} role="status" key={id % 2}>
        {text}
      </p>
    </>
  );
}
