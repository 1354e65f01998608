internal import Hummingbird

/// What a table's address asks for: `?q=ada&role=admin&sort=-created&after=…`.
///
/// Everything lives in the address, so that a table can be kept, shared and gone back to.
struct TableQuery: Sendable, Equatable {
    let path: String
    /// Filters by name, without empty ones.
    let filters: [String: String]
    let sort: String
    let isDescending: Bool
    /// Where the page begins; whatever the repository made of it.
    let after: String?

    /// Takes the filters named, and a sort among `sorts`; the first of them, with `-` for downwards, is the standard.
    init(_ request: Request, filters names: [String] = [], sorts: [String] = []) {
        let parameters = request.uri.queryParameters
        var filters: [String: String] = [:]
        for name in ["q"] + names {
            let value = parameters[Substring(name)].map { String($0).trimmed.prefix(100) } ?? ""
            if !value.isEmpty { filters[name] = String(value) }
        }
        let standard = sorts.first ?? ""
        let wanted = parameters["sort"].map(String.init) ?? standard
        let plain = wanted.hasPrefix("-") ? String(wanted.dropFirst()) : wanted
        let isKnown = sorts.contains { ($0.hasPrefix("-") ? String($0.dropFirst()) : $0) == plain }
        let chosen = isKnown ? wanted : standard
        self.init(
            path: request.uri.path,
            filters: filters,
            sort: chosen.hasPrefix("-") ? String(chosen.dropFirst()) : chosen,
            isDescending: chosen.hasPrefix("-"),
            after: parameters["after"].map { String($0.prefix(200)) }
        )
    }

    init(path: String, filters: [String: String], sort: String, isDescending: Bool, after: String?) {
        self.path = path
        self.filters = filters
        self.sort = sort
        self.isDescending = isDescending
        self.after = after
    }

    /// The same table from another place on, or from its beginning.
    func url(after: String?) -> String { url(sort: sort, isDescending: isDescending, after: after) }

    func pager(_ strings: Strings, shown: Int, next: String?) -> Pager {
        Pager(
            pagerSummary: strings.counted("table.shown", shown),
            pagerFirst: after == nil ? nil : url(after: nil),
            pagerNext: next.map { url(after: $0) }
        )
    }

    /// A heading that sorts by its column when it is pressed, and the other way round when it is pressed again.
    func column(_ label: String, sort name: String? = nil, isNumber: Bool = false) -> TableColumn {
        guard let name else { return TableColumn(columnLabel: label, columnIsNumber: isNumber) }
        let isCurrent = name == sort
        return TableColumn(
            columnLabel: label,
            columnURL: url(sort: name, isDescending: isCurrent ? !isDescending : isNumber, after: nil),
            columnSort: isCurrent ? (isDescending ? "descending" : "ascending") : nil,
            columnIsNumber: isNumber
        )
    }

    private func url(sort: String, isDescending: Bool, after: String?) -> String {
        var pairs = filters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.percentEncoded)" }
        if !sort.isEmpty { pairs.append("sort=\(isDescending ? "-" : "")\(sort)") }
        if let after { pairs.append("after=\(after.percentEncoded)") }
        return pairs.isEmpty ? path : "\(path)?\(pairs.joined(separator: "&"))"
    }
}

/// One heading of a table, for `parts/table-head`.
struct TableColumn: Sendable {
    let columnLabel: String
    var columnURL: String?
    var columnSort: String?
    let columnIsNumber: Bool
}

/// The links below a table, for `parts/pager`.
struct Pager: Sendable {
    let pagerSummary: String
    let pagerFirst: String?
    let pagerNext: String?
}

/// What stands where a list would, for `parts/empty`.
struct EmptyState: Sendable {
    let emptyIcon: String
    let emptyTitle: String
    let emptyText: String
    var emptyAction: String?
    var emptyURL: String?
}
