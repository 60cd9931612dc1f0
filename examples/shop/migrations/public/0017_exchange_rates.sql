CREATE TABLE public.exchange_rates (
  from_currency char(3) NOT NULL CONSTRAINT exchange_rates_from_fkey REFERENCES public.currencies (currency_code),
  to_currency char(3) NOT NULL CONSTRAINT exchange_rates_to_fkey REFERENCES public.currencies (currency_code),
  valid_on date NOT NULL,
  rate numeric(18, 8) NOT NULL CHECK (rate > 0),
  PRIMARY KEY (from_currency, to_currency, valid_on)
);
