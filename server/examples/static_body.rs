//! The reference of the figures: axum serving one static body of a given size, on the same cores in the same run.
//! `static_body ADDRESS BYTES`

use axum::Router;
use axum::routing::get;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:3999".to_owned());
    let size = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let body: &'static str = Box::leak("x".repeat(size).into_boxed_str());
    let router = Router::new().route("/", get(move || async move { axum::response::Html(body) }));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, router).await
}
