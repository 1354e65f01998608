/// What one unit of a currency costs in another, as the European Central Bank says.
struct CurrencyRate: Sendable, Equatable {
    var rate: Double
    var date: String

    private struct Latest: Decodable {
        var date: String
        var rates: [String: Double]
    }

    static func find(
        from base: String,
        to target: String,
        _ lookup: Lookup,
        _ addresses: LookupAddresses
    ) async throws(LookupError) -> CurrencyRate {
        let latest: Latest
        do {
            latest = try await lookup.get(
                Latest.self,
                addresses.currency,
                "/v1/latest",
                [("base", base), ("symbols", target)]
            )
        } catch .notFound {
            throw .notFound("\(base) – \(target)")
        }
        guard let rate = latest.rates[target] else { throw .notFound(target) }
        return CurrencyRate(rate: rate, date: latest.date)
    }
}
