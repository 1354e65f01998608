internal import Bots
internal import Hummingbird

/// One of several addresses of which one is shown, such as tabs and filters.
struct TabEntry: Sendable {
    let tabLabel: String
    let tabURL: String
    let tabIsCurrent: Bool
    let tabCount: String?

    init(_ label: String, _ url: String, isCurrent: Bool, count: String? = nil) {
        tabLabel = label
        tabURL = url
        tabIsCurrent = isCurrent
        tabCount = count
    }
}

/// The head of a column that lists can be sorted by.
struct SortColumn: Sendable {
    let columnLabel: String
    let columnURL: String?
    /// `ascending` or `descending`.
    let columnSort: String?
    let columnIsNumber: Bool

    init(_ label: String, url: String? = nil, sort: String? = nil, isNumber: Bool = false) {
        columnLabel = label
        columnURL = url
        columnSort = sort
        columnIsNumber = isNumber
    }
}

/// A list of bots as its address asks for it.
struct BotListAddress: Sendable {
    let path: String
    var query: BotQuery

    init(_ request: Request, path: String) {
        self.path = path
        let parameters = request.uri.queryParameters
        query = BotQuery()
        query.approval = parameters["state"].flatMap { BotApproval(rawValue: String($0)) }
        query.run = parameters["run"].flatMap { BotRun(rawValue: String($0)) }
        query.text = parameters["q"].map { String($0.prefix(100)) }.flatMap { $0.isEmpty ? nil : $0 }
        query.wantsRenewal = parameters["wish"] == "true"
        query.order = parameters["sort"].flatMap { BotQuery.Order(rawValue: String($0)) } ?? .newest
        query.isReversed = parameters["order"] == "reversed"
        query.page = parameters["page"].flatMap { Int($0) }.map { min(max($0 - 1, 0), 10_000) } ?? 0
    }

    /// The address with something changed; the first page unless that is what changes.
    func url(_ change: (inout BotQuery) -> Void = { _ in }) -> String {
        var wanted = query
        wanted.page = 0
        change(&wanted)
        var parts: [String] = []
        if let approval = wanted.approval { parts.append("state=\(approval.rawValue)") }
        if let run = wanted.run { parts.append("run=\(run.rawValue)") }
        if wanted.wantsRenewal { parts.append("wish=true") }
        if let text = wanted.text { parts.append("q=\(text.percentEncoded)") }
        if wanted.order != .newest { parts.append("sort=\(wanted.order.rawValue)") }
        if wanted.isReversed { parts.append("order=reversed") }
        if wanted.page > 0 { parts.append("page=\(wanted.page + 1)") }
        return parts.isEmpty ? path : "\(path)?\(parts.joined(separator: "&"))"
    }

    func column(_ label: String, _ order: BotQuery.Order) -> SortColumn {
        let isSorted = query.order == order
        let reverses = isSorted && !query.isReversed
        return SortColumn(
            label,
            url: url { query in
                query.order = order
                query.isReversed = reverses
            },
            sort: isSorted ? (query.isReversed ? "descending" : "ascending") : nil
        )
    }

    func tabs(_ counts: [BotApproval: Int], strings: Strings) -> [TabEntry] {
        let all = TabEntry(
            strings("table.all"),
            url { $0.approval = nil },
            isCurrent: query.approval == nil,
            count: strings.number(counts.values.reduce(0, +))
        )
        return [all]
            + BotApproval.allCases.map { approval in
                TabEntry(
                    strings("bots.tab.\(approval.rawValue)"),
                    url { $0.approval = approval },
                    isCurrent: query.approval == approval,
                    count: strings.number(counts[approval] ?? 0)
                )
            }
    }

    func pager(_ page: BotList, strings: Strings) -> BotPager? {
        guard page.pages > 1 else { return nil }
        return BotPager(
            pagerSummary: strings(
                "bots.page_of",
                ["page": "\(page.query.page + 1)", "pages": "\(page.pages)", "total": strings.number(page.total)]
            ),
            pagerFirst: page.query.page > 0 ? url { $0.page = page.query.page - 1 } : nil,
            pagerNext: page.query.page + 1 < page.pages ? url { $0.page = page.query.page + 1 } : nil
        )
    }
}

/// The ways from one page of a list to the next.
struct BotPager: Sendable {
    let pagerSummary: String
    let pagerFirst: String?
    let pagerNext: String?
}
