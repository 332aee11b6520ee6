// A day with masto.js. What is not as it should be ends it with a sentence and exit code 1.
//
//     node story.mjs URL TOKEN_OF_ALICE TOKEN_OF_BOB PICTURE VIDEO
//
// Alice and bob are new, and nobody else changes what they see.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient, MastoHttpError } from "masto";

const [url, aliceToken, bobToken, picturePath, filmPath] = process.argv.slice(2);
const alice = createRestAPIClient({ url, accessToken: aliceToken });
const bob = createRestAPIClient({ url, accessToken: bobToken });
const nobody = createRestAPIClient({ url });

const stories = {
  async "an app registers itself, and is told why a wrong secret is refused"() {
    const app = await nobody.v1.apps.create({
      clientName: "masto.js story",
      redirectUris: "urn:ietf:wg:oauth:2.0:oob",
      scopes: "read write follow push",
    });
    assert.ok(app.clientId && app.clientSecret);
    const oauth = createOAuthAPIClient({ url });
    await assert.rejects(
      oauth.token.create({
        grantType: "client_credentials",
        clientId: app.clientId,
        clientSecret: "wrong",
        redirectUri: "urn:ietf:wg:oauth:2.0:oob",
      }),
      MastoHttpError,
    );
  },

  async "the instance says what it is and can"() {
    const [v1, v2] = [await nobody.v1.instance.fetch(), await nobody.v2.instance.fetch()];
    assert.equal(v1.uri, v2.domain);
    assert.match(v2.version, /^4\.\d+\.\d+\+linnet/);
    assert.ok(v2.configuration.statuses.maxCharacters >= 500);
    assert.ok(v2.configuration.urls.streaming.startsWith("ws"));
  },

  async "people find each other, follow, and write notes"() {
    const [me, other] = [await alice.v1.accounts.verifyCredentials(), await bob.v1.accounts.verifyCredentials()];
    const found = await alice.v1.accounts.lookup({ acct: other.acct });
    assert.equal(found.id, other.id);
    const followed = await bob.v1.accounts.$select(me.id).follow({ reblogs: true });
    assert.equal(followed.following, true);
    const [relation] = await alice.v1.accounts.relationships.fetch({ id: [other.id] });
    assert.equal(relation.followedBy, true);
    const noted = await alice.v1.accounts.$select(other.id).note.create({ comment: "a friend" });
    assert.equal(noted.note, "a friend");
    const followers = await alice.v1.accounts.$select(me.id).followers.list({ limit: 5 });
    assert.deepEqual(followers.map((one) => one.id), [other.id]);
  },

  async "a profile is changed with multipart forms and arrays"() {
    const changed = await alice.v1.accounts.updateCredentials({
      displayName: "Alice A.",
      note: "likes #linnets",
      fieldsAttributes: [{ name: "site", value: "https://alice.example" }],
      source: { language: "en" },
    });
    assert.equal(changed.displayName, "Alice A.");
    assert.equal(changed.source.fields[0].name, "site");
  },

  async "a post is written once, edited, read with its history, marked and taken back"() {
    const key = crypto.randomUUID();
    const options = { requestInit: { headers: { "Idempotency-Key": key } } };
    const words = { status: "Hello from masto.js #linnet", visibility: "public" };
    const [first, again] = [
      await alice.v1.statuses.create(words, options),
      await alice.v1.statuses.create(words, options),
    ];
    assert.equal(first.id, again.id);
    const seen = await until(async () => (await bob.v1.timelines.home.list()).find((one) => one.id === first.id));
    assert.equal(seen.tags[0].name, "linnet");
    const edited = await alice.v1.statuses.$select(first.id).update({ status: "Hello again #linnet" });
    assert.ok(edited.editedAt);
    assert.equal((await bob.v1.statuses.$select(first.id).history.list()).length, 2);
    assert.equal((await bob.v1.statuses.$select(first.id).favourite()).favourited, true);
    assert.equal((await bob.v1.statuses.$select(first.id).bookmark()).bookmarked, true);
    assert.equal((await bob.v1.statuses.$select(first.id).reblog()).reblog.id, first.id);
    assert.deepEqual((await bob.v1.favourites.list()).map((one) => one.id), [first.id]);
    const reply = await bob.v1.statuses.create({ status: "Hello you", inReplyToId: first.id });
    const context = await alice.v1.statuses.$select(first.id).context.fetch();
    assert.deepEqual(context.descendants.map((one) => one.id), [reply.id]);
    const gone = await bob.v1.statuses.$select(reply.id).remove();
    assert.equal(gone.text, "Hello you");
    await assert.rejects(alice.v1.statuses.$select(reply.id).fetch(), (error) => error.statusCode === 404);
  },

  async "pictures and videos are uploaded, waited for, described, and shown by posts"() {
    // masto.js asks after a v2 upload, once a second, until there is a url
    const told = await alice.v2.media.create({ file: new Blob([readFileSync(picturePath)]), description: "Four quarters" });
    assert.equal(told.type, "image");
    assert.equal(told.description, "Four quarters");
    assert.ok(told.url && told.previewUrl && told.blurhash);
    assert.equal(told.meta.original.width, 640);
    const named = await alice.v1.media.$select(told.id).update({ description: "Colours", focus: "0.5,0.5" });
    assert.equal(named.description, "Colours");
    const video = await alice.v2.media.create({ file: new Blob([readFileSync(filmPath)]) });
    assert.equal(video.type, "video");
    assert.ok(video.url && video.meta.original.duration > 0.5);
    const posted = await alice.v1.statuses.create({ status: "Look", mediaIds: [told.id] });
    assert.deepEqual(posted.mediaAttachments.map((one) => one.id), [told.id]);
    await alice.v1.statuses.create({ status: "And look", mediaIds: [video.id] });
    const elk = await alice.v1.media.create({ file: new Blob([readFileSync(picturePath)]) });
    assert.ok(elk.url);
    await assert.rejects(
      alice.v2.media.create({ file: new Blob(["<svg/>"]) }),
      (error) => error.statusCode === 422 && error.message.length > 5,
    );
  },

  async "notifications come, are counted, and put away"() {
    const all = await until(async () => {
      const found = await alice.v1.notifications.list({ types: ["favourite", "reblog", "follow"] });
      return found.length >= 3 ? found : null;
    });
    assert.deepEqual(new Set(all.map((one) => one.type)), new Set(["favourite", "reblog", "follow"]));
    await alice.v1.notifications.$select(all[0].id).dismiss();
    await alice.v1.notifications.clear();
    assert.equal((await alice.v1.notifications.list()).length, 0);
  },

  async "pages follow each other to the end without a gap or a repetition"() {
    const written = [];
    for (let number = 0; number < 25; number += 1) {
      written.unshift((await alice.v1.statuses.create({ status: `number ${number}`, visibility: "unlisted" })).id);
    }
    const me = await alice.v1.accounts.verifyCredentials();
    const read = [];
    for await (const page of alice.v1.accounts.$select(me.id).statuses.list({ limit: 10 })) {
      read.push(...page.map((one) => one.id));
    }
    assert.deepEqual(read.slice(0, 25), written);
    assert.equal(new Set(read).size, read.length);
  },

  async "markers, preferences, tags, search and lists that may be empty answer"() {
    const newest = (await alice.v1.timelines.home.list({ limit: 1 }))[0];
    const markers = await alice.v1.markers.create({ home: { lastReadId: newest.id } });
    assert.equal(markers.home.lastReadId, newest.id);
    assert.ok(await alice.v1.preferences.fetch());
    assert.equal((await alice.v1.tags.$select("linnet").fetch()).name, "linnet");
    const me = await alice.v1.accounts.verifyCredentials();
    const found = await bob.v2.search.list({ q: me.username, type: "accounts" });
    assert.equal(found.accounts[0].id, me.id);
    for (const list of [
      alice.v1.customEmojis.list(), alice.v1.announcements.list(), alice.v1.followRequests.list(),
      alice.v1.blocks.list(), alice.v1.mutes.list(), alice.v1.trends.tags.list(), alice.v2.suggestions.list(),
    ]) {
      assert.ok(Array.isArray(await list));
    }
  },

  async "what happens comes over one WebSocket, each stream by itself"() {
    const { configuration } = await nobody.v2.instance.fetch();
    const streams = createStreamingAPIClient({
      streamingApiUrl: configuration.urls.streaming,
      accessToken: bobToken,
      implementation: globalThis.WebSocket,
    });
    const home = streams.user.subscribe();
    const tagged = streams.hashtag.subscribe({ tag: "livelinnet" });
    const [events, tags] = [gather(home), gather(tagged)];
    const me = await bob.v1.accounts.verifyCredentials();
    const post = await until(async () => {
      const posted = await alice.v1.statuses.create({ status: `live #livelinnet @${me.username}` });
      await new Promise((wake) => setTimeout(wake, 500));
      return events.some((one) => one.event === "update" && one.payload.id === posted.id) ? posted : null;
    });
    await until(() => tags.find((one) => one.event === "update" && one.payload.id === post.id));
    await until(() => events.find((one) => one.event === "notification" && one.payload.status?.id === post.id));
    await alice.v1.statuses.$select(post.id).update({ status: "live, and better #livelinnet" });
    await until(() => events.find((one) => one.event === "status.update" && one.payload.id === post.id));
    await alice.v1.statuses.$select(post.id).remove();
    await until(() => events.find((one) => one.event === "delete" && one.payload === post.id));
    assert.ok(tags.every((one) => one.stream.includes("hashtag")));
    home.unsubscribe();
    tagged.unsubscribe();
    streams.close();
  },

  async "what is wrong is told as an error with a sentence"() {
    await assert.rejects(alice.v1.statuses.create({ status: "" }), (error) => error.statusCode === 422);
    await assert.rejects(async () => await nobody.v1.timelines.home.list(), (error) => error.statusCode === 401);
    await assert.rejects(alice.v1.statuses.$select("1").fetch(), (error) => error.message.length > 5);
  },
};

function gather(subscription) {
  const events = [];
  (async () => {
    for await (const event of subscription) events.push(event);
  })();
  return events;
}

async function until(find, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found) return found;
    assert.ok(Date.now() < deadline, `not within ${seconds} s: ${find}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

for (const [name, tell] of Object.entries(stories)) {
  try {
    await tell();
    console.log(`ok   ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}\n${error.stack ?? error}`);
    process.exitCode = 1;
  }
}
