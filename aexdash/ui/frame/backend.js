// Tells Streamlit that its server is at the root, before it looks: else it looks below the page first, where there is
// nothing, and every first load of a page but the front page begins with two failures.
window.__streamlit ??= { BACKEND_BASE_URL: `${location.origin}/` };
