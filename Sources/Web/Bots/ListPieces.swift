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
    /// The time that charts beside the list show; nil where the address names none.
    let span: UsageSpan?

    init(_ request: Request, path: String) {
        self.path = path
        let parameters = request.uri.queryParameters
        span = parameters["span"].flatMap { UsageSpan(rawValue: String($0)) }
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
        return url(of: wanted, span)
    }

    /// The same list beside charts of another time.
    func url(showing span: UsageSpan) -> String { url(of: query, span) }

    /// What a search in the list has to bring along so that it stays as it is sorted and filtered.
    var kept: [KeptParameter] {
        var wanted = query
        wanted.text = nil
        wanted.page = 0
        return Self.parameters(wanted, span).map { KeptParameter(keptName: $0.name, keptValue: $0.value) }
    }

    private func url(of query: BotQuery, _ span: UsageSpan?) -> String {
        let parts = Self.parameters(query, span).map { "\($0.name)=\($0.value.percentEncoded)" }
        return parts.isEmpty ? path : "\(path)?\(parts.joined(separator: "&"))"
    }

    private static func parameters(_ query: BotQuery, _ span: UsageSpan?) -> [(name: String, value: String)] {
        var parts: [(String, String)] = []
        if let approval = query.approval { parts.append(("state", approval.rawValue)) }
        if let run = query.run { parts.append(("run", run.rawValue)) }
        if query.wantsRenewal { parts.append(("wish", "true")) }
        if let text = query.text { parts.append(("q", text)) }
        if query.order != .newest { parts.append(("sort", query.order.rawValue)) }
        if query.isReversed { parts.append(("order", "reversed")) }
        if query.page > 0 { parts.append(("page", "\(query.page + 1)")) }
        if let span { parts.append(("span", span.rawValue)) }
        return parts
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

/// A parameter of the address that a form sends along.
struct KeptParameter: Sendable {
    let keptName: String
    let keptValue: String
}

/// The ways from one page of a list to the next.
struct BotPager: Sendable {
    let pagerSummary: String
    let pagerFirst: String?
    let pagerNext: String?
}
