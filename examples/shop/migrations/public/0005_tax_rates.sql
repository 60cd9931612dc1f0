CREATE TABLE public.tax_rates (
  country_code char(2) NOT NULL CONSTRAINT tax_rates_country_fkey REFERENCES public.countries (country_code),
  valid_from date NOT NULL,
  rate numeric(5, 4) NOT NULL CHECK (rate >= 0 AND rate < 1),
  PRIMARY KEY (country_code, valid_from)
);

INSERT INTO public.tax_rates (country_code, valid_from, rate)
SELECT c.country_code, DATE '2026-01-01', r.rate
FROM public.countries AS c
JOIN (VALUES ('DE', 0.19), ('FR', 0.20), ('SE', 0.25), ('JP', 0.10), ('US', 0.00)) AS r (country_code, rate)
  USING (country_code);
