use tables::{Format, Source, TableProblem as P, keyword_fit, read_bids, read_experts, read_pairs};

use crate::cast::{at, found, texts};

fn csv(text: &str) -> Source<'_> {
    Source::new(text.as_bytes(), Format::Csv)
}

#[test]
fn bids_are_read_with_their_lists() {
    let text = "名称,评审份数,单位,关键词,回避,指定专家\nB1,3,清华大学,\"AI; robotics，芯片、\",李明;王芳,\nB2,,,,,张三\n";
    let table = read_bids(csv(text)).unwrap();
    let [first, second] = table.bids.as_slice() else { panic!("two bids") };
    assert_eq!((first.name.as_str(), first.needs, first.row), ("B1", Some(3), 2));
    assert_eq!(first.unit.as_deref(), Some("清华大学"));
    assert_eq!(first.keywords, ["AI", "robotics", "芯片"]);
    assert_eq!(first.avoid, ["李明", "王芳"]);
    assert_eq!((second.needs, second.unit.as_ref(), second.keywords.len()), (None, None, 0));
    assert_eq!(second.pinned, ["张三"]);
    let json = r#"{"bids":[{"name":"B1","needs":3,"keywords":["AI, applied"],"avoid":["x"]}]}"#;
    let table = read_bids(Source::new(json.as_bytes(), Format::Json)).unwrap();
    assert_eq!(table.bids[0].keywords, ["AI, applied"]);
    assert_eq!(table.bids[0].needs, Some(3));
}

#[test]
fn every_fault_of_a_bid_is_named() {
    let check = |rows: &str, wanted| {
        let text = format!("name,needs,keywords\n{rows}");
        assert_eq!(found(read_bids(csv(&text)).unwrap_err()), [wanted], "{rows}");
    };
    let range = |text: &str| P::OutOfRange { text: text.into(), min: 1, max: 50 };
    check("B1,0,\n", at(2, "needs", range("0")));
    check("B1,51,\n", at(2, "needs", range("51")));
    check("B1,2.5,\n", at(2, "needs", P::NotWhole { text: "2.5".into(), min: 1, max: 50 }));
    check(",3,\n", at(2, "name", P::Empty));
    check("B1,3,\nB1,4,\n", at(3, "name", P::DuplicateName { name: "B1".into(), first_row: 2 }));
    let long = "x".repeat(201);
    check(&format!("B1,3,a;{long}\n"), at(2, "keywords", P::TooLong { max: 200, actual: 201 }));
    let faults = read_bids(csv("needs\n3\n")).unwrap_err();
    assert_eq!(faults[0].problem, P::MissingColumn { name: "name".into(), found: texts(&["needs"]) });
}

#[test]
fn experts_are_read_with_their_caps() {
    let table = read_experts(csv("姓名,工作单位,上限,领域\n李明,清华大学,15,AI\n王芳,,,\n")).unwrap();
    let [first, second] = table.experts.as_slice() else { panic!("two experts") };
    assert_eq!((first.name.as_str(), first.cap, first.row), ("李明", Some(15), 2));
    assert_eq!((second.cap, second.keywords.len()), (None, 0));
    let faults = read_experts(csv("name,cap\nA,-1\nB,ten\n")).unwrap_err();
    assert_eq!(
        found(faults),
        [
            at(2, "cap", P::OutOfRange { text: "-1".into(), min: 0, max: 10_000 }),
            at(3, "cap", P::NotWhole { text: "ten".into(), min: 0, max: 10_000 }),
        ]
    );
}

#[test]
fn an_entry_with_a_fault_still_counts_as_a_name() {
    let faults = read_experts(csv("name,cap\nA,ten\nA,5\n")).unwrap_err();
    assert_eq!(found(faults)[1], at(3, "name", P::DuplicateName { name: "A".into(), first_row: 2 }));
    let faults = read_pairs(csv("bid,expert,fit\nB1,E1,x\nB1,E1,5\n")).unwrap_err();
    assert_eq!(found(faults)[1], at(3, "bid", P::DuplicateName { name: "B1 / E1".into(), first_row: 2 }));
}

#[test]
fn pairs_are_read_with_fit_and_conflict() {
    let table = read_pairs(csv("bid,expert,fit,conflict\nB1,E1,1000,\nB1,E2,,是\nB2,E1,0,no\n")).unwrap();
    let pairs: Vec<_> =
        table.pairs.iter().map(|p| (p.bid.as_str(), p.expert.as_str(), p.fit, p.conflict)).collect();
    assert_eq!(pairs, [("B1", "E1", 1000, false), ("B1", "E2", 0, true), ("B2", "E1", 0, false)]);
    let faults = read_pairs(csv("bid,expert,fit\nB1,E1,1001\nB1,E2,\nB2,E2,5\nB2,E2,6\n")).unwrap_err();
    assert_eq!(
        found(faults),
        [
            at(2, "fit", P::OutOfRange { text: "1001".into(), min: 0, max: 1000 }),
            at(3, "fit", P::Empty),
            at(5, "bid", P::DuplicateName { name: "B2 / E2".into(), first_row: 4 }),
        ]
    );
}

#[test]
fn fit_is_the_share_of_the_bids_keywords() {
    let check = |bid: &[&str], expert: &[&str], wanted| {
        assert_eq!(keyword_fit(&texts(bid), &texts(expert)), wanted, "{bid:?} {expert:?}");
    };
    check(&["AI", "Machine Learning", "芯片"], &["machinelearning", "ai", "water"], 666);
    check(&["AI", "ai"], &["AI"], 1000);
    check(&["AI"], &[], 0);
    check(&[], &["AI"], 0);
}
