// @microsoft/microsoft-graph-client with @azure/identity: Microsoft's own client for JavaScript.

import assert from "node:assert/strict";
import { randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";

import {
  AuthorizationCodeCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DeviceCodeCredential,
  InteractiveBrowserCredential,
  OnBehalfOfCredential,
} from "@azure/identity";
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  LargeFileUploadTask,
  OneDriveLargeFileUploadTask,
  PageIterator,
} from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const { TENANT_ID, CLIENT_ID, CLIENT_SECRET, PUBLIC_CLIENT_ID, PERSON, DOMAIN } = process.env;
const DEFAULT = ["https://graph.microsoft.com/.default"];
const AT = { dateTime: "2030-01-07T09:00:00", timeZone: "UTC" };
const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

function create(credential, scopes = DEFAULT) {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes });
  return Client.initWithMiddleware({ authProvider });
}

async function checkPerson(credential, flow) {
  const me = await create(credential, ["User.Read"]).api("/me").get();
  assert.equal(me.userPrincipalName, PERSON);
  console.log(flow);
}

async function listPeople(graph) {
  const names = [];
  const first = await graph.api("/users").select(["id", "displayName"]).top(15).get();
  await new PageIterator(graph, first, (user) => names.push(user.displayName)).iterate();
  assert.equal(names.length, 40);
  const groups = await graph
    .api("/groups")
    .header("ConsistencyLevel", "eventual")
    .filter("startswith(displayName,'Eng')")
    .count(true)
    .get();
  assert.equal(groups["@odata.count"], groups.value.length);
  console.log("40 people in pages of 15, groups counted");
}

async function change(graph, collection, body, changes) {
  const made = await graph.api(collection).post(body);
  const path = `${collection}/${made.id}`;
  await graph.api(path).patch(changes);
  const read = await graph.api(path).get();
  for (const [name, value] of Object.entries(changes)) assert.deepEqual(read[name], value);
  await graph.api(path).delete();
  await assert.rejects(graph.api(path).get(), { statusCode: 404 });
}

async function changeDirectory(graph) {
  const person = {
    accountEnabled: true,
    displayName: "New Person",
    mailNickname: "new.person",
    userPrincipalName: `new.person@${DOMAIN}`,
    passwordProfile: { password: "Xq7-hurdle-Pad" },
  };
  await change(graph, "/users", person, { displayName: "Newer Person" });
  const group = {
    displayName: "Night survey",
    mailNickname: "night-survey",
    mailEnabled: false,
    securityEnabled: true,
  };
  await change(graph, "/groups", group, { description: "By night" });
  console.log("users and groups: created, changed, deleted");
}

async function changeMailbox(graph) {
  const me = `/users/${PERSON}`;
  await change(graph, `${me}/events`, { subject: "A", start: AT, end: AT }, { subject: "B" });
  await change(graph, `${me}/contacts`, { givenName: "Ada" }, { jobTitle: "Countess" });
  const tasks = await graph.api(`${me}/todo/lists`).post({ displayName: "Survey" });
  await change(graph, `${me}/todo/lists/${tasks.id}/tasks`, { title: "A" }, { title: "B" });
  await graph.api(`${me}/todo/lists/${tasks.id}`).delete();
  await change(graph, `${me}/messages`, { subject: "A" }, { subject: "B" });
  console.log("events, contacts, tasks and messages: created, changed, deleted");
}

async function uploadFile(graph) {
  const content = randomBytes(10 * 1024 * 1024);
  const session = await graph
    .api(`/users/${PERSON}/drive/root:/ten million.bin:/createUploadSession`)
    .post({ item: { "@microsoft.graph.conflictBehavior": "rename" } });
  const file = { content, name: "ten million.bin", size: content.length };
  const task = new OneDriveLargeFileUploadTask(graph, bytesOf(file), {
    url: session.uploadUrl,
    expiry: new Date(session.expirationDateTime),
  });
  const done = await task.upload();
  const item = done.responseBody;
  assert.equal(item.size, content.length);
  const path = `/drives/${item.parentReference.driveId}/items/${item.id}`;
  const stream = await graph.api(`${path}/content`).responseType("arraybuffer").get();
  assert.ok(content.equals(Buffer.from(stream)));
  await graph.api(path).patch({ name: "10.bin" });
  await graph.api(path).delete();
  console.log("10 MB uploaded, read back, renamed, deleted");
}

async function attachFile(graph) {
  const content = randomBytes(4 * 1024 * 1024);
  const message = await graph.api(`/users/${PERSON}/messages`).post({ subject: "Large" });
  const path = `/users/${PERSON}/messages/${message.id}`;
  const attachment = { attachmentType: "file", name: "four.bin", size: content.length };
  const session = await LargeFileUploadTask.createUploadSession(
    graph,
    `${path}/attachments/createUploadSession`,
    { AttachmentItem: attachment },
  );
  const file = bytesOf({ content, name: "four.bin", size: content.length });
  await new LargeFileUploadTask(graph, file, session).upload();
  const [kept] = (await graph.api(`${path}/attachments`).get()).value;
  assert.equal(kept.name, "four.bin");
  await graph.api(path).delete();
  console.log("4 MB attached to a message");
}

function bytesOf({ content, name, size }) {
  const sliceFile = ({ minValue, maxValue }) => content.subarray(minValue, maxValue + 1);
  return { content, name, size, sliceFile };
}

async function sendBatch(graph) {
  // It takes the host away and leaves the path, which must not name the version then.
  const batch = new BatchRequestContent([
    { id: "1", request: new Request(`https://graph.microsoft.com/users/${PERSON}`) },
    {
      id: "2",
      request: new Request(`https://graph.microsoft.com/users/${PERSON}/contacts`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ givenName: "Batch" }),
      }),
      dependsOn: ["1"],
    },
  ]);
  const answer = await graph.api("/$batch").post(await batch.getContent());
  const responses = new BatchResponseContent(answer);
  assert.deepEqual(
    ["1", "2"].map((id) => responses.getResponseById(id).status),
    [200, 201],
  );
  const contact = await responses.getResponseById("2").json();
  await graph.api(`/users/${PERSON}/contacts/${contact.id}`).delete();
  console.log("batch");
}

async function signIn() {
  const redirect = "http://localhost:5000/callback";
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: "code",
    redirect_uri: redirect,
    scope: "openid offline_access User.Read",
  });
  const authority = `https://login.microsoftonline.com/${TENANT_ID}`;
  console.log(`SIGN-IN ${authority}/oauth2/v2.0/authorize?${query}`);
  const { value } = await input.next();
  const code = new URL(value).searchParams.get("code");
  const proof = [TENANT_ID, CLIENT_ID, CLIENT_SECRET, code, redirect];
  await checkPerson(new AuthorizationCodeCredential(...proof), "authorization code");
}

function assertFederated(pem) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: process.env.FEDERATED_ISSUER,
    sub: process.env.FEDERATED_SUBJECT,
    aud: "api://AzureADTokenExchange",
    iat: now,
    exp: now + 300,
  };
  const parts = [{ alg: "RS256", typ: "JWT", kid: process.env.KEY_ID }, claims];
  const text = parts.map((one) => Buffer.from(JSON.stringify(one)).toString("base64url")).join(".");
  return `${text}.${sign("sha256", Buffer.from(text), pem).toString("base64url")}`;
}

async function callAs(credential) {
  const person = await create(credential).api(`/users/${PERSON}`).get();
  assert.equal(person.userPrincipalName, PERSON);
}

async function main() {
  const graph = create(new ClientSecretCredential(TENANT_ID, CLIENT_ID, CLIENT_SECRET));
  await listPeople(graph);
  await changeDirectory(graph);
  await changeMailbox(graph);
  await uploadFile(graph);
  await attachFile(graph);
  await sendBatch(graph);
  const { CERTIFICATE_CLIENT_ID, CERTIFICATE_FILE } = process.env;
  const certificate = readFileSync(CERTIFICATE_FILE, "ascii");
  await callAs(new ClientCertificateCredential(TENANT_ID, CERTIFICATE_CLIENT_ID, { certificate }));
  const assertion = async () => assertFederated(certificate);
  const { FEDERATED_CLIENT_ID } = process.env;
  await callAs(new ClientAssertionCredential(TENANT_ID, FEDERATED_CLIENT_ID, assertion));
  console.log("client credentials by secret, certificate and federated assertion");
  const open = { tenantId: TENANT_ID, clientId: PUBLIC_CLIENT_ID };
  await checkPerson(
    new DeviceCodeCredential({
      ...open,
      userPromptCallback: (told) => console.log(told.message),
    }),
    "device code",
  );
  const browser = new InteractiveBrowserCredential({ ...open, redirectUri: "http://localhost" });
  await checkPerson(browser, "authorization code in a browser");
  const { token } = await browser.getToken("api://real-clients/Survey.Read");
  await checkPerson(
    new OnBehalfOfCredential({
      tenantId: TENANT_ID,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      userAssertionToken: token,
    }),
    "on behalf of a person",
  );
  await signIn();
}

await main();
process.exit(0);
