/// The weather at a place, as Open-Meteo tells it.
struct WeatherReport: Sendable, Equatable {
    var place: String
    var temperature: Double
    var feltTemperature: Double
    var humidity: Double
    var wind: Double
    var code: Int
    var highest: Double?
    var lowest: Double?

    private struct Places: Decodable {
        struct Place: Decodable {
            var name: String
            var country: String?
            var latitude: Double
            var longitude: Double
        }

        var results: [Place]?
    }

    private struct Forecast: Decodable {
        struct Current: Decodable {
            var temperature: Double
            var feltTemperature: Double
            var humidity: Double
            var wind: Double
            var code: Int

            enum CodingKeys: String, CodingKey {
                case temperature = "temperature_2m"
                case feltTemperature = "apparent_temperature"
                case humidity = "relative_humidity_2m"
                case wind = "wind_speed_10m"
                case code = "weather_code"
            }
        }

        struct Daily: Decodable {
            var highest: [Double]
            var lowest: [Double]

            enum CodingKeys: String, CodingKey {
                case highest = "temperature_2m_max"
                case lowest = "temperature_2m_min"
            }
        }

        var current: Current
        var daily: Daily?
    }

    static func find(_ place: String, _ lookup: Lookup, _ addresses: LookupAddresses) async throws(LookupError)
        -> WeatherReport
    {
        let places = try await lookup.get(
            Places.self,
            addresses.places,
            "/v1/search",
            [("name", String(place.prefix(100))), ("count", "1"), ("language", "en"), ("format", "json")]
        )
        guard let found = places.results?.first else { throw .notFound(place) }
        let forecast = try await lookup.get(
            Forecast.self,
            addresses.weather,
            "/v1/forecast",
            [
                ("latitude", "\(found.latitude)"), ("longitude", "\(found.longitude)"),
                (
                    "current",
                    "temperature_2m,apparent_temperature,relative_humidity_2m,wind_speed_10m,weather_code"
                ),
                ("daily", "temperature_2m_max,temperature_2m_min"), ("timezone", "auto"), ("forecast_days", "1"),
            ]
        )
        return WeatherReport(
            place: [found.name, found.country].compactMap { $0 }.joined(separator: ", "),
            temperature: forecast.current.temperature,
            feltTemperature: forecast.current.feltTemperature,
            humidity: forecast.current.humidity,
            wind: forecast.current.wind,
            code: forecast.current.code,
            highest: forecast.daily?.highest.first,
            lowest: forecast.daily?.lowest.first
        )
    }

    var phrase: Phrase {
        var lines = [
            Phrase(same: "*\(place)*: \(Self.words(code))"),
            Phrase(
                en: "\(temperature) °C, feels like \(feltTemperature) °C",
                id: "\(temperature) °C, terasa seperti \(feltTemperature) °C"
            ),
            Phrase(
                en: "Humidity \(WholeNumber.of(humidity)) %, wind \(wind) km/h",
                id: "Kelembapan \(WholeNumber.of(humidity)) %, angin \(wind) km/jam"
            ),
        ]
        if let lowest, let highest {
            lines.append(
                Phrase(en: "Today from \(lowest) to \(highest) °C", id: "Hari ini \(lowest) sampai \(highest) °C")
            )
        }
        return lines.joined(separator: "\n")
    }

    /// The codes of the World Meteorological Organization that Open-Meteo uses.
    private static func words(_ code: Int) -> Phrase {
        switch code {
        case 0: Phrase(en: "clear sky", id: "cerah")
        case 1, 2: Phrase(en: "partly cloudy", id: "cerah berawan")
        case 3: Phrase(en: "overcast", id: "berawan tebal")
        case 45, 48: Phrase(en: "fog", id: "kabut")
        case 51...57: Phrase(en: "drizzle", id: "gerimis")
        case 61...67: Phrase(en: "rain", id: "hujan")
        case 71...77: Phrase(en: "snow", id: "salju")
        case 80...82: Phrase(en: "rain showers", id: "hujan lokal")
        case 85, 86: Phrase(en: "snow showers", id: "hujan salju")
        case 95...99: Phrase(en: "thunderstorm", id: "badai petir")
        default: Phrase(en: "weather", id: "cuaca")
        }
    }
}
