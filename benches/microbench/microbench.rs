//! Times the work of single calls in this process, without TLS and requests: schemas, and decoding, planning and encoding
//! a connector that ConductorOne hosts and a self-hosted one. `make microbench` builds and runs this.
//!
//! The provider is compiled for speed here and for size in a release. So these times compare changes of the code;
//! `make budget` counts the instructions of a release.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a benchmark that cannot go on panics"
)]

#[path = "../../tests/support/value.rs"]
mod value;

mod connectors;
mod provider;
mod wire;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use terraform_provider_confluence::terraform::types::Type;
use terraform_provider_confluence::terraform::value::msgpack;

use connectors::Connector;
use provider::Provider;

criterion_group!(benches, schema, decode, plan, encode);
criterion_main!(benches);

/// Every process creates the schemas once, on first use.
fn schema(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("schema");
    group.bench_function("first", |bencher| {
        bencher.iter_batched_ref(Provider::new, Provider::schema, BatchSize::SmallInput);
    });
    let mut provider = Provider::new();
    group.bench_function("again", |bencher| bencher.iter(|| provider.schema()));
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for Connector {
        name, ty, state, ..
    } in connectors::all()
    {
        let ty = Type::parse(ty.to_string().as_bytes()).expect("a type");
        group.bench_function(name, |bencher| {
            bencher.iter(|| msgpack::decode(black_box(&state), &ty).expect("a state"));
        });
    }
}

fn plan(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    let mut provider = Provider::new();
    let null = value::encode_untyped(&serde_json::Value::Null);
    for Connector {
        name,
        config,
        state,
        ..
    } in connectors::all()
    {
        for (what, prior) in [("new", &null), ("unchanged", &state)] {
            group.bench_function(format!("{name}/{what}"), |bencher| {
                bencher.iter(|| provider.plan(name, prior, &config));
            });
        }
    }
}

fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode");
    for Connector {
        name, ty, state, ..
    } in connectors::all()
    {
        let ty = Type::parse(ty.to_string().as_bytes()).expect("a type");
        let state = msgpack::decode(&state, &ty).expect("a state");
        group.bench_function(name, |bencher| {
            bencher.iter(|| msgpack::encode(black_box(&state)));
        });
    }
}
