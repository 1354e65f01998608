/// Where the services are that are asked for facts; an empty one is not asked.
package struct LookupAddresses: Sendable {
    /// Open-Meteo's search of places.
    package var places = "https://geocoding-api.open-meteo.com"
    /// Open-Meteo's forecast.
    package var weather = "https://api.open-meteo.com"
    /// Frankfurter's rates of the European Central Bank.
    package var currency = "https://api.frankfurter.dev"
    /// A LibreTranslate server; there is none that everybody may use.
    package var translation = ""
    /// The key of that server, where it wants one.
    package var translationKey = ""

    package init() {}
}

/// Why a service gave no fact.
package enum LookupError: Error, Equatable {
    case notConfigured
    case notFound(String)
    case unavailable
    case cancelled
}
