// An identity provider that nobody here wrote: node-oidc-provider, certified, with the login form that it has for trials.
// Arguments: its port, and the address of the app that it knows. Any login is let in; everybody is Ana, a lead.
import { Provider } from "oidc-provider";

const [port, app] = process.argv.slice(2);
const back = [`${app}/oauth2callback`];

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "aexdash",
      client_secret: "only for this test",
      redirect_uris: back,
      post_logout_redirect_uris: back,
    },
  ],
  claims: { openid: ["sub"], profile: ["name"], groups: ["groups"] },
  conformIdTokenClaims: false, // the claims stand in the ID token, as most providers do it
  cookies: { keys: ["only for this test"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "Ana Ruiz", groups: ["leads"] }),
  }),
});
provider.listen(Number(port), "127.0.0.1");
